public import FoveaCore

/// The batch augmentations of the toolkit, in one visible list.
public enum BuiltinBatchAugmentations: BuiltinKinds {
  public static var sort: Sort<any BatchAugmentation.Type> { .batchAugmentations }
  public static let all: [any BatchAugmentation.Type] = [Mixup.self, CutMix.self, LabelSmoothing.self]
}
