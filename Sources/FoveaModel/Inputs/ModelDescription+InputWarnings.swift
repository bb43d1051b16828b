public import FoveaCore

extension ModelDescription {
  /// Whether preprocessing can give what the network takes, tried on pictures of several sizes, gray and in color.
  ///
  /// - Throws: ``ModelError`` where steps cannot be made.
  public func inputWarnings(for model: Model, registry: Registry) throws(ModelError) -> [InputWarning] {
    var steps: [any PreprocessingStep] = []
    for step in preprocessing { steps.append(try registry.makePreprocessing(step)) }
    guard !steps.isEmpty, model.inputShape.rank == 3 else { return [] }
    let checks = InputChecks(input: model.inputs.head, written: preprocessing, steps: steps)
    return checks.ofShape() + checks.ofValues()
  }
}

/// The checks behind ``ModelDescription/inputWarnings(for:registry:)``.
private struct InputChecks {
  private let input: Shape
  private let open: Set<OpenExtent>
  let written: [KindDescription]
  let steps: [any PreprocessingStep]

  private var kinds: [String] { written.map(\.kind) }
  /// Larger pictures than this take time, and show nothing new.
  private static let longestSide = 1024

  /// Gray and in color, of the size that the network takes, of less than most networks take, and of more than this one does.
  private let pictures: [Image]

  init(input port: Model.Port, written: [KindDescription], steps: [any PreprocessingStep]) {
    input = port.shape
    open = port.open
    self.written = written
    self.steps = steps
    let (height, width) = (min(input[1], Self.longestSide), min(input[2], Self.longestSide))
    pictures = [(height, width), (37, 61), (2 * height + 7, 2 * width + 13)].flatMap { size in
      [1, 3].compactMap { Self.picture($0, size.0, size.1) }
    }
  }

  /// Wrong is what comes out the same of pictures of all sizes, and is not what the network takes. Else it depends on the
  /// picture, and only the data tell.
  func ofShape() -> [InputWarning] {
    var trials: [(picture: Shape, result: Shape)] = []
    for picture in pictures {
      if let result = try? apply(to: picture) { trials.append((picture.shape, result.shape)) }
    }
    guard let first = trials.first else { return ofNoPicture() }
    if trials.contains(where: { $0.result.matches(input, open: open) }) { return [] }
    let isOneSize =
      Set(trials.map { $0.picture.dimensions[1...] }).count > 1
      && Set(trials.map { $0.result.dimensions[1...] }).count == 1
    let isOneColor = Set(trials.map { $0.picture[0] }).count > 1 && Set(trials.map { $0.result[0] }).count == 1
    let isWrong =
      isOneSize && first.result.dimensions[1...] != input.dimensions[1...] || isOneColor && first.result[0] != input[0]
    return isWrong ? [.shape(expected: input, got: first.result, picture: first.picture, steps: kinds)] : []
  }

  /// Steps may need more pixels than were tried; with so many, it is something else.
  private func ofNoPicture() -> [InputWarning] {
    var error: ImageError?
    for channels in [3, 1] {
      guard let picture = Self.picture(channels, 2 * Self.longestSide, 2 * Self.longestSide) else { return [] }
      do throws(ImageError) {
        _ = try apply(to: picture)
        return []
      } catch let refusal { error = error ?? refusal }
    }
    return error.map { [.refused($0)] } ?? []
  }

  func ofValues() -> [InputWarning] {
    guard var image = pictures.first(where: { (try? apply(to: $0)) != nil }) else { return [] }
    for (index, step) in steps.enumerated() {
      guard let result = try? step.apply(image) else { return [] }
      if written[..<index].contains(written[index]), result.shape == image.shape, result.floats != image.floats {
        return [.repeated(step: written[index].kind)]
      }
      image = result
    }
    let values = image.floats
    guard let least = values.min(), let most = values.max(), most - least < 0.05 else { return [] }
    return [.flat(values: least...most, steps: kinds)]
  }

  private func apply(to picture: Image) throws(ImageError) -> Image {
    var image = picture
    for step in steps { image = try step.apply(image) }
    return image
  }

  /// Four fields, black and white: any crop around the middle has both.
  private static func picture(_ channels: Int, _ height: Int, _ width: Int) -> Image? {
    let bytes = (0..<height * width * channels).map { place in
      let pixel = place / channels
      return (pixel / width < height / 2) == (pixel % width < width / 2) ? UInt8(0) : 255
    }
    return try? Image(width: width, height: height, channels: channels, pixels: .bytes(bytes))
  }
}
