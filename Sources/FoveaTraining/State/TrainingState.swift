import Foundation
import FoveaCore
import FoveaModel

/// All that a ``TrainingRun`` needs to go on from where another one was cut, bit for bit: weights, the optimizer's memories,
/// chance, the place in the pass, what was left out, and the figures so far.
///
/// Its file is a safetensors file: weights are named `weights/c3.kernel`, memories `adam.1/c3.kernel`, running means of the
/// weights `average/c3.kernel`, those of the best pass `best/c3.kernel`, and the metadata hold one JSON document under the
/// key `fovea-training`.
public struct TrainingState: Sendable, Equatable {
  /// What is neither weight nor memory.
  struct Progress: Sendable, Codable, Equatable {
    var place: TrainingRun.Place
    var history: [EpochMetrics]
    var failures: [String]
    var leftOut: [TrainingRun.LeftOut]
    var steps: Int
    var random: String
  }

  /// What the run must be that goes on from here: network, recipe, data, seed and so on.
  let identity: ConfigurationValue
  let progress: Progress
  let tensors: [String: Tensor]
  /// What stands for it in errors: its file.
  var name = "the state"

  /// Raised when a file can say what an older toolkit would misunderstand.
  private static let format = 2
  private static let key = "fovea-training"
  /// More than a million passes take.
  private static let mostBytes = 1 << 28

  /// Passes that are done.
  public var passes: Int { progress.history.count }

  /// Steps that are done.
  public var steps: Int { progress.steps }

  init(identity: ConfigurationValue, progress: Progress, tensors: [String: Tensor]) {
    self.identity = identity
    self.progress = progress
    self.tensors = tensors
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: ``TrainingStateError`` where the file is none, is damaged, or comes from a newer toolkit.
  public init(contentsOf path: String) throws(TrainingStateError) {
    // Before the tensors are read: the file may be large and none of ours.
    let header: SafeTensorsHeader
    do { header = try SafeTensors.header(of: path) } catch { throw .safeTensors(error) }
    guard let text = header.metadata[Self.key] else { throw .notAState(file: path) }
    func invalid(_ problem: String) -> TrainingStateError { .invalid(file: path, problem: problem) }
    guard text.utf8.count <= Self.mostBytes else { throw invalid("it has \(text.utf8.count) bytes") }
    let root: ConfigurationValue
    do { root = try ConfigurationValue(json: Array(text.utf8)) } catch {
      throw invalid("\(error.problem), at byte \(error.offset)")
    }
    guard case .object(var members) = root, case .string(let checksum)? = members.removeValue(forKey: "checksum"),
      case .integer(let format)? = members["format"], case .string(let toolkit)? = members["toolkit"],
      let identity = members["identity"], let progress = members["progress"]
    else { throw invalid("it needs the keys 'checksum', 'format', 'identity', 'progress' and 'toolkit'") }
    guard format == Self.format else {
      throw .otherFormat(file: path, format: format, known: Self.format, toolkit: toolkit)
    }
    let file: SafeTensors
    do { file = try SafeTensors(contentsOf: path) } catch { throw .safeTensors(error) }
    let document = ConfigurationValue.object(members).json ?? ""
    guard Checksum(document: document, tensors: file.tensors).text == checksum else { throw .damaged(file: path) }
    do throws(ConfigurationError) {
      self.progress = try ConfigurationDecoder.read(Progress.self, from: progress, owner: "'progress'")
    } catch { throw invalid(error.description) }
    self.identity = identity
    tensors = file.tensors
    name = "'\(path)'"
  }

  /// Writes a file that appears whole or not at all; the same state gives the same bytes.
  public func write(to path: String) throws(TrainingStateError) {
    func invalid(_ problem: String) -> TrainingStateError { .invalid(file: path, problem: problem) }
    var members: [String: ConfigurationValue] = [
      "format": .integer(Self.format), "toolkit": .string(Toolkit.version), "identity": identity,
    ]
    do {
      members["progress"] = try ConfigurationValue(encoding: progress)
      if case .object(let read) = try ConfigurationValue.object(members).asRead() { members = read }
    } catch { throw invalid("\(error)") }
    let document = ConfigurationValue.object(members).json ?? ""
    members["checksum"] = .string(Checksum(document: document, tensors: tensors).text)
    let file = SafeTensors(metadata: [Self.key: ConfigurationValue.object(members).json ?? ""], tensors: tensors)
    do { try file.write(to: path) } catch { throw .safeTensors(error) }
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.identity == right.identity && left.progress == right.progress && left.tensors == right.tensors
  }
}
