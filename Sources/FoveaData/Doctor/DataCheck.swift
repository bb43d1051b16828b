public import FoveaCore

/// One thing that may be wrong with a data set, looked for in what ``DataSurvey`` has measured; its settings are its thresholds.
///
/// A check reads no file: all measures are taken from one small gray plane, when a picture is decoded.
public protocol DataCheck: ConfigurableKind, Configurable {
  func report(on survey: DataSurvey) -> CheckReport
}

extension Sort where Member == any DataCheck.Type {
  public static var checks: Sort { Sort("checks", noun: "check", place: .option("--set")) { $0 } }
}

extension DataCheck {
  public static var noun: String { Sort.checks.noun }
}

extension Registry {
  public var checks: KindRegistry<any DataCheck.Type> { self[.checks] }

  public mutating func register<C: DataCheck>(_ type: C.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .checks, from: origin)
  }

  public func makeCheck(_ description: KindDescription) throws(KindError) -> any DataCheck {
    try make(description, of: .checks) { settings, type throws(KindError) in try settings.read(type) }
  }
}
