import ArgumentParser
import Foundation
import Fovea

/// Where prepared images are kept from one pass to the next.
struct CacheOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where images are kept for the next pass when they are decoded and resized: memory; disk, for later runs too, in the "
        + "user's folder for such things; disk:FOLDER; or none. Training is the same.",
      valueName: "place"))
  var cache = Place.memory

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Megabytes that they may take; if left out, 256 in memory and 16384 on disk.", valueName: "mb"))
  var cacheSize: Int?

  enum Place: Equatable {
    case none
    case memory
    /// In a folder; the usual one where nil.
    case disk(String?)
  }

  func validate() throws {
    if let cacheSize, !(1...1_000_000_000).contains(cacheSize) {
      throw ValidationError("--cache-size must be 1 to 1000000000 megabytes, but is \(cacheSize)")
    }
    if cache == .none && cacheSize != nil { throw ValidationError("--cache none takes no --cache-size") }
  }

  func apply(to settings: inout TrainingRun.Settings) {
    switch cache {
    case .none: settings.cacheLimit = 0
    case .memory: settings.cacheLimit = cacheSize.map { $0 << 20 } ?? settings.cacheLimit
    case .disk(let folder):
      settings.cacheLimit = (cacheSize ?? 16384) << 20
      settings.cacheFolder = folder ?? Self.usualFolder
    }
  }

  private static var usualFolder: String {
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (base ?? (environment["HOME"] ?? "/tmp") + "/.cache") + "/fovea"
  }
}

extension CacheOptions.Place: ExpressibleByArgument {
  init?(argument: String) {
    switch argument {
    case "none": self = .none
    case "memory": self = .memory
    case "disk": self = .disk(nil)
    case _ where argument.hasPrefix("disk:") && argument.count > 5: self = .disk(String(argument.dropFirst(5)))
    default: return nil
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .none: "none"
    case .memory: "memory"
    case .disk(let folder): folder.map { "disk:\($0)" } ?? "disk"
    }
  }
}
