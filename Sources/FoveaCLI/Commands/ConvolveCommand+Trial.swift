import ArgumentParser
import Fovea

extension ConvolveCommand {
  func readKernel() throws -> NumberPlanes? {
    try kernel.map { text in
      do { return try NumberPlanes(text: text) } catch { throw CommandError("--kernel: \(error)") }
    }
  }

  /// What comes behind the kernel.
  var behind: [KindDescription] {
    var kinds = activation.map { [KindDescription(kind: $0)] } ?? []
    if let pool {
      var settings: [String: ConfigurationValue] = ["window": .integer(window ?? 2)]
      if let poolStride { settings["stride"] = .integer(poolStride) }
      kinds.append(KindDescription(kind: "\(pool.rawValue)Pooling", configuration: settings))
    }
    return kinds + (flatten ? [KindDescription(kind: "flatten")] : [])
  }

  func makeTrial(_ kernel: NumberPlanes?) throws -> KernelTrial {
    try KernelTrial(
      kernel: kernel, divisor: divisor,
      convolution: [
        "stride": .integer(stride), "dilation": .integer(dilation),
        "padding": Int(padding).map { .integer($0) } ?? .string(padding),
      ], bias: bias, behind: behind)
  }

  func input(_ toolbox: Toolbox, isColor: Bool) throws -> NumberPlanes {
    if isMatrix {
      do {
        let planes = try NumberPlanes(text: source)
        return try NumberPlanes(planes.matrices, isColor: isColor)
      } catch {
        throw CommandError("the matrix '\(source.prefix(60))': \(error)")
      }
    }
    let limits = decoding.limits
    var decoder = ImageDecoder(colorModel: isColor ? .rgb : .gray)
    (decoder.maximumPixels, decoder.budget, decoder.isolation) = (limits.maximumPixels, limits.budget, limits.isolation)
    decoder.maximumSide = NumberMatrix.longestSide
    let picture = try decoder.read(FilePath.paths(of: [source])[0])
    for warning in picture.warnings { toolbox.warn("\(source): \(warning)") }
    return try NumberPlanes(picture.image)
  }

  var facts: String {
    let convolution = ["stride \(stride)", "padding \(padding)"] + (dilation == 1 ? [] : ["dilation \(dilation)"])
    let pooling =
      pool == nil ? [] : ["window \(window ?? 2)"] + (poolStride.map { ["stride \($0)"] } ?? [])
    return ((kernel == nil ? [] : convolution) + pooling).joined(separator: ", ")
  }
}
