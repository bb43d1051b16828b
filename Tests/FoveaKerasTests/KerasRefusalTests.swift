import Foundation
import FoveaCore
import FoveaKeras
import FoveaModel
import Testing

/// What cannot be read is said, and nothing outside of the file is looked at.
@Suite struct KerasRefusalTests {
  private func refusal(of name: String) throws -> String {
    do {
      _ = try KerasImport(KerasFile(path: Fixture.path("Refused/" + name)), registry: Fixture.registry, name: "model")
      return ""
    } catch { return "\(error)" }
  }

  @Test(arguments: [
    ("causal.keras", "it is called with 'use_causal_mask'"),
    ("only.weights.h5", "it holds weights and no layers; save the whole model by 'model.save'"),
    ("softLink.h5", "'kernel' is a link to somewhere else, which is not followed"),
    ("externalLink.h5", "'kernel' is a link to somewhere else, which is not followed"),
    ("externalFile.h5", "its numbers lie in another file, which is not read"),
    ("virtual.h5", "it is put together of other datasets, perhaps of other files: not read"),
    ("latest.h5", "of the newer kind; save the model again by h5py's usual settings"),
  ])
  func isRefused(_ name: String, _ expected: String) throws {
    let error = try refusal(of: name)
    #expect(error.contains(expected), "\(error)")
    #expect(error.contains(name))
  }

  @Test func allThatIsUnsupportedIsToldAtOnce() throws {
    let file = try KerasFile(path: Fixture.path("Refused/unsupported.keras"))
    #expect(file.unsupported.map(\.className) == ["Lambda", "Strange", "LSTM", "Dense"])
    #expect(file.unsupported.first?.names == ["double", "more"])
    #expect(file.unsupported.last?.reason.contains("is a program's own function") == true)
    let error = try refusal(of: "unsupported.keras")
    #expect(error.contains("Lambda (2 layers, first 'double'): it runs Python code"), "\(error)")
    #expect(error.contains("LSTM (1 layer, first 'memory')"))
  }

  /// A program's own layer costs one rule.
  @Test func aProgramAddsALayer() throws {
    var layers = KerasLayers.standard
    for name in ["Strange", "Lambda"] { layers.register(KerasLayerRule(name) { _, node in try node.input() }) }
    let file = try KerasFile(path: Fixture.path("Refused/unsupported.keras"), layers: layers)
    #expect(file.unsupported.map(\.className) == ["LSTM", "Dense"])
  }

  @Test func noFileIsRefused() throws {
    #expect(try refusal(of: "none.h5").contains("there is no such file"))
  }

  /// Damaged files end in errors that say so, never in a crash; `make conformance-keras` tries more of them.
  @Test(arguments: ["sequence-keras3-h5", "keras1-channelsFirst", "nested-keras3-keras"])
  func damagedFilesAreRefused(_ folder: String) throws {
    let whole = try FileReader(Fixture.model(folder)).readAll()
    var random = SeededRandom(seed: 17)
    let ending = folder.hasSuffix("-keras") ? "keras" : "h5"
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID().uuidString).\(ending)")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let registry = try Fixture.registry
    var refused = 0
    for number in 0..<120 {
      var bytes = whole
      switch number % 3 {
      case 0:
        for _ in 0..<4 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random) }
      case 1: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      default:
        let place = Int.random(in: 0..<bytes.count - 8, using: &random) & ~7
        for i in 0..<8 { bytes[place + i] = [0xFF, 0x7F, 0, 1].randomElement(using: &random) ?? 0 }
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try KerasImport(KerasFile(path: path), registry: registry, name: "model")
      } catch {
        #expect(error is any FoveaError, "\(error)")
        refused += 1
      }
    }
    #expect(refused >= 40)
  }
}
