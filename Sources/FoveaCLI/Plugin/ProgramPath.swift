import Foundation

/// Where the running program lies.
enum ProgramPath {
  static var current: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }
}
