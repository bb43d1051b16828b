public import FoveaCore

/// The losses of the toolkit, in one visible list.
public enum BuiltinLosses: BuiltinKinds {
  public static var sort: Sort<any Loss.Type> { .losses }
  /// All of them: what is not in this list cannot be named in a description.
  public static let all: [any Loss.Type] = [
    SoftmaxCrossEntropy.self, BinaryCrossEntropy.self, MeanSquaredError.self, MaximumLikelihood.self,
    MaximumAPosteriori.self, MultiLabelCrossEntropy.self, SquaredError.self, AbsoluteError.self, HuberLoss.self,
  ]
}
