import FoveaCore

/// A threshold that no picture goes with.
struct CheckSettingError: FoveaError {
  let key: String
  let expected: String
  let got: String

  var description: String { "'\(key)' must be \(expected), but is \(got)" }
}
