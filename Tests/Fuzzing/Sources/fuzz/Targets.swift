import Foundation
import Fovea

/// Something that reads bytes: an error is as good as a result, a trap or a fault is a find.
struct Target {
  let name: String
  /// What a good input looks like; all else grows from there.
  let seeds: () throws -> [[UInt8]]
  let read: ([UInt8]) -> Void

  /// A picture in memory, by the decoder that its first bytes choose.
  static func picture(_ name: String, _ seeds: @escaping () throws -> [[UInt8]]) -> Target {
    Target(name: name, seeds: seeds) { bytes in
      // The last one lets decoders scale down by themselves, where they can.
      for (model, size) in [(ColorModel.rgb, nil), (.gray, nil), (.rgba, ImageSize(width: 2, height: 2))] {
        var decoder = ImageDecoder(colorModel: model, sufficientSize: size)
        decoder.maximumPixels = 1 << 20
        _ = try? decoder.read(bytes)
      }
    }
  }

  /// What is read from a path.
  ///
  /// - Parameter ending: of the file's name, where that says what it is.
  static func file(
    _ name: String, ending: String = "", _ seeds: @escaping () throws -> [[UInt8]], _ read: @escaping (String) -> Void
  ) -> Target {
    let folder = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let path = "\(folder)/fovea-fuzz-\(ProcessInfo.processInfo.processIdentifier)-\(name)\(ending)"
    return Target(
      name: name, seeds: seeds,
      read: { bytes in
        guard (try? Data(bytes).write(to: URL(fileURLWithPath: path))) != nil else { return }
        read(path)
        unlink(path)
      })
  }
}

nonisolated(unsafe) let targets: [Target] = [
  .picture("jpeg") {
    try [ImageEncoder.jpeg().encode(Seeds.color), ImageEncoder.jpeg(quality: 50).encode(Seeds.gray)]
      + Seeds.fixtures("jpg")
  },
  .picture("png") {
    try [ImageEncoder.png().encode(Seeds.color), ImageEncoder.png().encode(Seeds.gray)] + Seeds.fixtures("png")
  },
  .picture("tiff") { try [Seeds.tiff] + Seeds.fixtures("tif") },
  .picture("webp") { try [Seeds.webp] + Seeds.fixtures("webp") },
  .picture("bmp") { try [Seeds.bitmap] + Seeds.fixtures("bmp") },
  .picture("gif") { try [Seeds.gif] + Seeds.fixtures("gif") },
  .picture("pnm") { try Seeds.portable.map { Array($0.utf8) } + Seeds.fixtures("pgm", "ppm") },
  Target(
    name: "idx", seeds: { [[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]] },
    read: { _ = try? IDXFile(bytes: $0, name: "the bytes", memoryLimit: 1 << 20) }),
  Target(
    name: "yaml", seeds: { [Array(Seeds.yaml.utf8)] },
    read: { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      _ = try? ModelDescription(yaml: text)
      _ = try? ConfigurationValue(yaml: text, source: "the text")
    }),
  .file("model", { [try Seeds.model()] }, { _ = try? ModelFile.load($0, registry: .standard) }),
  Target(name: "onnx", seeds: { Seeds.graphs }, read: compute),
  Target(
    name: "npy", seeds: { [try NumPyArray(Tensor([1, 2, 3, 4, 5, 6], [2, 3])).fileBytes] },
    read: { bytes in _ = try? NumPyArray(fileBytes: bytes, name: "the bytes").tensor(path: "the bytes") }),
  .file(
    "csv", { [Array("image,label\n\"a,b.png\",x\nc.png,y\n".utf8)] },
    { _ = try? PictureManifest(path: $0, pictures: ["image"]) }),
]

/// Reads a graph and computes it, as far as it goes.
private func compute(_ bytes: [UInt8]) {
  guard let model = try? ONNXModel(bytes: bytes, name: "the bytes") else { return }
  var limits = ONNXLimits()
  (limits.mostElements, limits.mostNodes, limits.mostSteps) = (1 << 14, 500, 1 << 18)
  for shape in [[1, 5], [3]] as [Shape] {
    let input = ONNXValue.tensor(ONNXTensor(Tensor(repeating: 1, shape)))
    let inputs = Dictionary(model.inputNames.map { ($0, input) }) { first, _ in first }
    _ = try? model.run(inputs: inputs, limits: limits)
  }
}
