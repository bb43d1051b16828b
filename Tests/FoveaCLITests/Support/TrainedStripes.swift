import Foundation

/// A model that the program itself has trained, once for all tests, and its data.
struct TrainedStripes {
  private let files: TemporaryFolder
  let training: Program.Result

  var description: String { files["stripes.yaml"] }
  /// IDX files.
  var data: String { files["idx"] }
  /// Class folders.
  var pictures: String { files["pictures"] }
  var model: String { files["model.safetensors"] }
  var metrics: String { files["metrics.jsonl"] }

  func modelBytes() throws -> [UInt8] { try files.bytes("model.safetensors") }

  private static let shared = Result { try TrainedStripes() }

  static func get() throws -> TrainedStripes { try shared.get() }

  private init() throws {
    files = try TemporaryFolder()
    try files.write(Stripes.description, to: "stripes.yaml")
    try Stripes.writeIDX(to: files["idx"], count: 180)
    try Stripes.writeFolders(to: files["pictures"], count: 4, seed: 900)
    training = try Program.run(
      "train", files["stripes.yaml"], files["idx"], "-o", files["model.safetensors"], "--epochs", "6", "--batch-size",
      "16", "--learning-rate", "0.01", "--seed", "3", "--metrics", files["metrics.jsonl"])
  }
}
