import Foundation

/// The fixtures that PyTorch made; see Tests/Fixtures/README.md.
enum FixtureFolder {
  static func path(_ name: String, file: String = #filePath) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures").appendingPathComponent(name).path
  }

  static func files(in folder: String) -> [String] {
    let root = path(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { $0.hasSuffix(".safetensors") }.sorted().map { root + "/" + $0 }
  }
}

func isClose(_ a: Float, _ b: Float, relative: Float, absolute: Float = 1e-6) -> Bool {
  abs(a - b) <= absolute + relative * max(abs(a), abs(b))
}
