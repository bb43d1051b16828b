import ArgumentParser
import Fovea

/// Which checks of data are made, and with which thresholds.
struct CheckOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The only checks to make, with commas between them.", valueName: "checks"))
  var only: String?

  @Option(help: ArgumentHelp("Checks not to make, with commas between them.", valueName: "checks"))
  var skip: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Change a threshold: blurry.threshold=80. Repeat it for more.", valueName: "check.key=value"))
  var settings: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The longest side of the gray image that is measured, in pixels; larger images are scaled down to it.",
      valueName: "n"))
  var plane = DataSurvey.usualPlane

  func validate() throws {
    if !(32...4096).contains(plane) { throw ValidationError("--plane must be 32 to 4096, but is \(plane)") }
  }

  /// In the order of the toolkit's list, others behind it.
  func make(_ registry: Registry) throws -> [any DataCheck] {
    let listed = BuiltinChecks.all.map { $0.kind }
    let known = listed + registry.checks.kinds.filter { !listed.contains($0) }
    var descriptions = Dictionary(uniqueKeysWithValues: known.map { ($0, KindDescription(kind: $0)) })
    func named(_ option: String, _ names: String) throws -> [String] {
      try names.split(separator: ",").map { name in
        do { _ = try registry.entry(String(name), of: .checks) } catch { throw UsageError("\(option): \(error)") }
        return String(name)
      }
    }
    for setting in settings {
      guard let match = setting.wholeMatch(of: /([^.=]+)\.([^.=]+)=(.+)/) else {
        throw UsageError("--set must be like blurry.threshold=80, but is '\(setting)'")
      }
      let kind = try named("--set", String(match.output.1))[0]
      let text = String(match.output.3)
      let value: ConfigurationValue =
        Int(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .string(text)
      descriptions[kind]?.configuration[String(match.output.2)] = value
    }
    let wanted = try only.map { try named("--only", $0) } ?? known
    let left = try skip.map { try named("--skip", $0) } ?? []
    return try known.filter { wanted.contains($0) && !left.contains($0) }.compactMap { kind in
      do { return try descriptions[kind].map(registry.makeCheck) } catch { throw UsageError("--set: \(error)") }
    }
  }
}
