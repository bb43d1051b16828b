public import FoveaCore

/// The optimizers of the toolkit, in one visible list.
public enum BuiltinOptimizers: BuiltinKinds {
  public static var sort: Sort<any Optimizer.Type> { .optimizers }
  public static let all: [any Optimizer.Type] = [
    StochasticGradientDescent.self, Adam.self, AdamW.self, RootMeanSquarePropagation.self, Lion.self,
    DiagonalLevenbergMarquardt.self,
  ]
}
