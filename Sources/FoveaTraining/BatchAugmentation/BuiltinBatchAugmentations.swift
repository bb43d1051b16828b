public import FoveaCore

/// The batch augmentations of the toolkit, in one visible list.
public enum BuiltinBatchAugmentations {
  public static let all: [any BatchAugmentation.Type] = [Mixup.self, CutMix.self, LabelSmoothing.self]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}
