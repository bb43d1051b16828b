import Foundation
import Fovea
import Glibc

/// One line of JSON for each pass, to be read while the training runs.
///
/// The lines go to `<path>.partial`, which takes the place of an older file only when the run has ended well.
final class MetricsFile: TrainingObserver {
  private let path: String
  /// Where the lines go: `path` itself where that is a pipe or a device, which has nothing to lose.
  private let writtenPath: String
  private let descriptor: Int32
  /// Whether a line is missing, after which no others are written: a file with a gap would pass for a whole one.
  private(set) var isBroken = false
  /// Whether there is no line yet; then nothing is left behind.
  private var isEmpty = true

  init(_ path: String) throws(FileError) {
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    if exists && kind == S_IFDIR { throw .unwritable(path: path, reason: "it is a folder; choose another name") }
    writtenPath = exists && kind != S_IFREG ? path : Self.partialPath(path)
    if writtenPath != path { UnfinishedFiles.begin(writtenPath) }
    let flags = writtenPath == path ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC
    descriptor = open(writtenPath, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: SystemError().description) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if isEmpty && writtenPath != path { UnfinishedFiles.abandon(writtenPath) }
  }

  static func partialPath(_ path: String) -> String { path + ".partial" }

  /// - Throws: at the first line that cannot be written; the training may go on without.
  func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) throws -> TrainingVerdict {
    switch event {
    // Of passes that were done before the run was cut.
    case .begun: for metrics in run.history { try append(metrics) }
    case .passEnded(let metrics): try append(metrics)
    default: break
    }
    return .goOn
  }

  private func append(_ metrics: EpochMetrics) throws {
    guard !isBroken else { return }
    if isEmpty && writtenPath != path { UnfinishedFiles.keep(writtenPath) }
    isEmpty = false
    let line = try Format.json(metrics, pretty: false) + "\n"
    do throws(SystemError) { try SystemError.write(Array(line.utf8), to: descriptor) } catch {
      isBroken = true
      throw FileError.unwritable(path: writtenPath, reason: error.description)
    }
  }

  /// Puts the lines in their place, if they are all there.
  func commit() throws(FileError) {
    guard writtenPath != path, !isBroken else { return }
    guard fsync(descriptor) == 0, rename(writtenPath, path) == 0 else {
      throw .unwritable(path: path, reason: SystemError().description)
    }
  }
}

extension MetricsFile {
  /// The passes that such a file tells of.
  ///
  /// - Throws: ``CommandError`` for a line that is none of these.
  static func read(_ path: String) throws -> [EpochMetrics] {
    let text: String
    do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw FileError.unreadable(path: path, reason: "it cannot be opened, or is no text")
    }
    return try text.split(separator: "\n").enumerated().map { number, line in
      do { return try JSONDecoder().decode(EpochMetrics.self, from: Foundation.Data(line.utf8)) } catch {
        throw CommandError(
          "'\(path)': line \(number + 1) holds no figures of a pass; give a file that 'fovea train --metrics' wrote")
      }
    }
  }
}
