import FoveaCore
import FoveaExplanation
import FoveaImage

/// One picture's contact sheet: the picture and what the network saw of it, and the heat of each class, a row, by each method, a
/// column.
struct ExplanationSheet {
  private let explanation: Explanation
  private let picture: Image
  private let magnification: Int
  private let overlays: [HeatOverlay?]
  private static let side = 300

  init(_ explanation: Explanation, warm: any ColorMap, diverging: any ColorMap) throws(ImageError) {
    self.explanation = explanation
    (picture, magnification) = try Self.drawn(explanation, side: Self.side)
    let (picture, magnification) = (picture, magnification)
    let large =
      magnification == 1
      ? picture
      : try picture.resized(
        width: picture.width * magnification, height: picture.height * magnification, interpolation: .nearest)
    overlays = try explanation.parts.map { part throws(ImageError) in
      try HeatOverlay(part, of: explanation, on: large, warm: warm, diverging: diverging)
    }
  }

  /// The picture as bytes in color, small enough, and how much larger its pixels are to be drawn.
  static func drawn(_ explanation: Explanation, side: Int) throws(ImageError) -> (image: Image, magnification: Int) {
    let fitted = try explanation.picture.visible().fitted(to: side)
    return (try fitted.image.rgb().bytes(), fitted.magnification)
  }

  func panel(of name: String, truth: String?) throws(ImageError) -> Sheet {
    let shape = explanation.input.shape.withoutBatch
    let (seen, seenMagnification) = try Image(planar: explanation.input).visible().fitted(to: Self.side)
    let size = explanation.geometry.original
    let own = Stack(
      .vertical, spacing: Palette.space,
      [
        PicturePanel(
          picture, magnification: magnification, above: "the picture", below: "\(size.width) × \(size.height)",
          captionStyle: Palette.heading),
        PicturePanel(
          seen, magnification: seenMagnification, above: "what the network sees",
          below:
            "\(shape[2]) × \(shape[1]), values \(NumberText.range(MapImage.range(of: explanation.input)))",
          captionStyle: Palette.heading),
      ])
    let methods = Set(explanation.parts.map(\.title)).count
    let grid = Grid(try tiles(), columns: methods > 1 ? min(methods, 6) : 4, spacing: Palette.space)
    let looksAtLayer = explanation.parts.contains { $0.place == .layer }
    let facts =
      (looksAtLayer ? explanation.layer : nil).map { "maps of layer \($0.name), \($0.shape[1]) × \($0.shape[2])" } ?? ""
    return Sheet(
      title: name, facts: facts, explanation: decision(truth),
      [Stack(.horizontal, spacing: 2 * Palette.space, [own, grid])])
  }

  /// One of a clip's frames: the picture, and the heat of each part over it. All frames of a clip are as large.
  func frame() throws(ImageError) -> any Panel {
    let width = picture.width * magnification
    func captioned(_ image: Image, _ magnification: Int, _ above: String, _ below: String) -> any Panel {
      PicturePanel(
        image, magnification: magnification, above: Self.shortened(above, to: width),
        below: Self.shortened(below, to: width))
    }
    let own = captioned(picture, magnification, explanation.path.split(separator: "#").last.map { "#\($0)" } ?? "", " ")
    let tiles = zip(explanation.parts, overlays).map { part, overlay in
      captioned(
        overlay?.image ?? picture, overlay == nil ? magnification : 1, part.title,
        ([part.label] + [part.confidence.map { NumberText.percent($0) }].compactMap(\.self)).joined(separator: " "))
    }
    return Grid([own] + tiles, columns: min(tiles.count + 1, 4), spacing: Palette.space)
  }

  /// So that it is as wide as the picture at most.
  private static func shortened(_ text: String, to width: Int) -> String {
    guard Label(text).width > width else { return text }
    var text = text
    while !text.isEmpty, Label(text + "…").width > width { text.removeLast() }
    return text + "…"
  }

  private func decision(_ truth: String?) -> String {
    let wrong = truth.flatMap { truth in
      explanation.prediction?.label == truth ? nil : " It is filed under '\(truth)'."
    }
    guard let prediction = explanation.prediction else {
      return explanation.result.cells(top: 3).map(\.text).joined(separator: ", ") + (wrong ?? "")
    }
    let best = prediction.best(3).map {
      "\($0.label) \($0.isConfidence ? NumberText.percent($0.score) : NumberText.short($0.score))"
    }
    return "The network says: \(best.joined(separator: ", ")).\(wrong ?? "")"
  }

  private func tiles() throws(ImageError) -> [any Panel] {
    try zip(explanation.parts, overlays).map { part, overlay throws(ImageError) in
      let heading = "\(part.title): \(part.label)"
      guard let overlay else {
        return Stack(
          .vertical,
          [
            Label(heading, style: Palette.heading),
            Label(part.problem ?? "nothing to show", style: Palette.note, maximumWidth: Self.side),
          ])
      }
      let low = NumberText.short(overlay.range.lowerBound)
      let high = NumberText.short(overlay.range.upperBound)
      let bar: any Panel =
        overlay.hasHeat
        ? try ColorBar(overlay.colorMap, low: low, high: high)
        : Label("no heat: no place speaks for it", style: Palette.note, maximumWidth: Self.side)
      let confidence = part.confidence.map { ", \(NumberText.percent($0))" } ?? ""
      let faith = part.faithfulness.map {
        "deletion \(NumberText.short($0.deletion)), insertion \(NumberText.short($0.insertion)), ROAD \(NumberText.short($0.road))"
      }
      let random = part.randomized.map { "agrees with random weights: \(NumberText.short($0))" }
      let notes = ["score \(NumberText.short(part.score))\(confidence)", faith, random].compactMap(\.self)
      return Stack(
        .vertical, alignment: .center,
        [PicturePanel(overlay.image, above: heading, captionStyle: Palette.heading), bar]
          + notes.map { Label($0, style: Palette.note, maximumWidth: max(Self.side, bar.width)) })
    }
  }

  /// The picture, and the heat of each part over it, as small JPEG files: for a page.
  static func thumbnails(
    _ explanation: Explanation, side: Int, warm: any ColorMap, diverging: any ColorMap
  ) throws(ImageError) -> (picture: [UInt8], overlays: [[UInt8]?], size: ImageSize) {
    let (picture, magnification) = try drawn(explanation, side: side)
    let large =
      magnification == 1
      ? picture
      : try picture.resized(
        width: picture.width * magnification, height: picture.height * magnification, interpolation: .nearest)
    let encoder = ImageEncoder.jpeg(quality: 82)
    let overlays = try explanation.parts.map { part throws(ImageError) in
      try HeatOverlay(part, of: explanation, on: large, warm: warm, diverging: diverging).map {
        overlay throws(ImageError) in try encoder.encode(overlay.image)
      }
    }
    return (try encoder.encode(large), overlays, large.size)
  }
}
