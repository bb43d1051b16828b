public import FoveaCore

/// The checks of the toolkit, in one visible list: in the order in which they are told.
public enum BuiltinChecks: BuiltinKinds {
  public static var sort: Sort<any DataCheck.Type> { .checks }
  public static let all: [any DataCheck.Type] = [
    Unreadable.self, OddFiles.self, ExactDuplicates.self, NearDuplicates.self, WrongLabels.self, SmallClasses.self,
    UnbalancedClasses.self, ColorSpaces.self, OddSizes.self, OddProportions.self, Blurry.self, Dark.self, Bright.self,
    LowInformation.self,
  ]
}
