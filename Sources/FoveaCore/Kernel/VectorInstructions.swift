internal import CKernels
import Foundation

/// The instructions that the toolkit's own kernels use.
public enum VectorInstructions: UInt32, Sendable, CaseIterable {
  case portable = 0
  case avx2 = 1
  case avx512 = 2
  case neon = 3

  /// The environment's variable that chooses among those that a processor has, to measure one as another, or to go round
  /// a fault in a set of kernels. oneDNN's own kernels have `ONEDNN_MAX_CPU_ISA`.
  public static let variable = "FOVEA_INSTRUCTIONS"

  /// Whether this processor has them.
  public var isAvailable: Bool { fovea_kernels_has(raw) }

  /// The best that this processor has.
  public static let best = VectorInstructions(rawValue: UInt32(fovea_kernels_best().rawValue)) ?? .portable

  /// What the kernels use: ``best``, or what ``variable`` names. Where it names none, that is said once on standard error;
  /// whoever would rather end asks ``requested(_:)`` first, as the program does.
  public static let inUse: VectorInstructions = {
    do throws(VectorInstructionsError) {
      return try requested(ProcessInfo.processInfo.environment[variable])
    } catch {
      FileHandle.standardError.write(Data("\(error) Going on with '\(best)'.\n".utf8))
      return best
    }
  }()

  /// - Parameter name: that of one of the cases; nil or empty for the best.
  /// - Throws: ``VectorInstructionsError`` where this processor or this build has no such instructions, or nobody has.
  public static func requested(_ name: String?) throws(VectorInstructionsError) -> VectorInstructions {
    guard let name, !name.isEmpty else { return best }
    guard let choice = allCases.first(where: { "\($0)" == name }), choice.isAvailable else {
      throw VectorInstructionsError(name: name)
    }
    return choice
  }

  var raw: fovea_instructions { fovea_instructions(rawValue) }
}

/// The environment asks for instructions that are not there.
public struct VectorInstructionsError: FoveaError, Equatable {
  public let name: String

  public var description: String {
    let known = VectorInstructions.allCases
    let isKnown = known.contains { "\($0)" == name }
    let reason =
      isKnown ? "this processor has no such instructions" : "one of \(Self.names(known)) was expected"
    return """
      \(VectorInstructions.variable) is '\(name)', but \(reason). Here it may be \
      \(Self.names(known.filter(\.isAvailable))); without it, the best is used.
      """
  }

  private static func names(_ choices: [VectorInstructions]) -> String {
    choices.map { "'\($0)'" }.joined(separator: ", ")
  }
}
