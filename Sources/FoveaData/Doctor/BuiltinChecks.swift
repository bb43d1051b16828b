public import FoveaCore

/// The checks of the toolkit, in one visible list: in the order in which they are told.
public enum BuiltinChecks {
  public static let all: [any DataCheck.Type] = [
    Unreadable.self, OddFiles.self, ExactDuplicates.self, NearDuplicates.self, WrongLabels.self, SmallClasses.self,
    UnbalancedClasses.self, ColorSpaces.self, OddSizes.self, OddProportions.self, Blurry.self, Dark.self, Bright.self,
    LowInformation.self,
  ]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}
