import Foundation
import Fovea

/// Where the pictures of a batch come from, and what it leaves beside its rows.
private enum Batch {
  static let pipeline: Pipeline = {
    let path = NSTemporaryDirectory() + "/fovea-batch-\(ProcessInfo.processInfo.processIdentifier).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try! Data(Seeds.model()).write(to: URL(fileURLWithPath: path))
    let saved = try! ModelFile.load(path, registry: .standard)
    return try! Pipeline(
      saved.description, model: saved.model, registry: .standard,
      limits: DecodingLimits(maximumPixels: 1 << 18, budget: DecodingBudget(bytes: 32 << 20)))
  }()

  static func classify(_ inputs: PictureInputs) {
    guard let classifier = try? BatchClassifier(pipeline, settings: .init(batchSize: 4, threads: 1)) else { return }
    _ = try? classifier.run(inputs) { _ in }
  }

  static func input(_ name: String, _ ending: String, _ seeds: @escaping () throws -> [[UInt8]]) -> Target {
    .file(name, ending: ending, seeds) { path in
      var inputs = PictureInputs([FilePath(path)])
      inputs.frames = .all
      classify(inputs)
    }
  }

  static let rows = "path,status\na.png,ok\nb.png,error\n"
  static let progress = """
    {"format":{"kind":"csv"},"isBeside":false,"model":"2fb092a8baa73267","options":{},"shard":{"count":1,"index":1},"version":1}
    begin 12
    1 21 ok 4145c8a9a9cdd797
    2 33 unsupported 372392c0a5da6364
    end 2 87c0a5da63643723

    """

  static func readList(_ path: String) {
    for separator in [PictureInputs.List.Separator.lineFeed, .zero, .column("path")] {
      var inputs = PictureInputs()
      inputs.list = .init(FilePath(path), separator: separator)
      // A line may be the root of all files.
      inputs.excluded = ["*"]
      classify(inputs)
    }
  }

  /// Beside rows that are always the same.
  static func readProgress(_ path: String) {
    let file = String(path.dropLast(9))
    guard (try? rows.write(toFile: file, atomically: false, encoding: .utf8)) != nil else { return }
    _ = try? RowMerger.merge([file], to: file + ".merged", registry: .standard)
    for ending in ["", ".merged", ".merged.progress"] { unlink(file + ending) }
  }
}

nonisolated(unsafe) let allTargets = targets + batchTargets

nonisolated(unsafe) private let batchTargets: [Target] = [
  Batch.input("frames", "") { try Seeds.fixtures("gif", "webp", "tif") },
  Batch.input("tar", ".tar") { try Seeds.fixtures("tar") },
  Batch.input("tgz", ".tgz") { try Seeds.fixtures("tgz", "tar.gz") },
  Batch.input("zip", ".zip") { try Seeds.fixtures("zip") },
  .file(
    "list", { [Array("path,who\n\"a,b.png\",x\n/none/c.png\n".utf8), Array("a.png\0b.png\0".utf8)] }, Batch.readList),
  .file("progress", ending: ".progress", { [Array(Batch.progress.utf8)] }, Batch.readProgress),
]
