/// Boxes around what was found in a picture, the surest first.
public struct Boxes: PlacedResult {
  public struct Box: Sendable, Hashable {
    public let label: String
    /// 0…1.
    public let confidence: Float
    public var box: PictureBox

    public init(_ label: String, confidence: Float, _ box: PictureBox) {
      self.label = label
      self.confidence = confidence
      self.box = box
    }
  }

  public static let kind = "boxes"

  public var boxes: [Box]
  /// The names of all classes, whether there is a box of them or not.
  public let labels: [String]
  /// What the boxes' pixels are counted in, where that is not the network's input: 1 × 1 for shares of its sides. Nil again
  /// when they are placed in the original.
  public let grid: ImageSize?

  public init(_ boxes: [Box], labels: [String], grid: ImageSize? = nil) {
    self.boxes = boxes
    self.labels = labels
    self.grid = grid
  }

  /// What lies beyond the original's edges is cut off; a box of which nothing is left is left out.
  public func placed(by geometry: PictureGeometry) throws(ImageError) -> Boxes {
    let toOriginal = try (grid.map { geometry.covered(by: $0) } ?? geometry).toOriginal
    return Boxes(
      boxes.compactMap { box in
        toOriginal.apply(box.box).clipped(to: geometry.original).map {
          Box(box.label, confidence: box.confidence, $0)
        }
      }, labels: labels)
  }

  /// Places are in pixels from the picture's upper left corner.
  public func fields(top: Int) -> [ResultField] {
    [
      ResultField("count", .count(boxes.count)),
      ResultField(
        "boxes",
        .items(
          boxes.map { box in
            .record([
              ResultField("label", .text(box.label)), ResultField("confidence", .number(box.confidence)),
              ResultField("x", .number(Float(box.box.left + 0.5))), ResultField("y", .number(Float(box.box.top + 0.5))),
              ResultField("width", .number(Float(box.box.width))),
              ResultField("height", .number(Float(box.box.height))),
            ])
          })),
    ]
  }

  public func cells(top: Int) -> [ResultCell] {
    let texts = boxes.map { box in
      let sides = [box.box.width, box.box.height, box.box.left + 0.5, box.box.top + 0.5]
      let numbers = sides.map { NumberText.short($0.rounded()) }
      return
        "\(box.label) \(NumberText.percent(box.confidence)) (\(numbers[0]) × \(numbers[1]) at \(numbers[2]), \(numbers[3]))"
    }
    return [
      ResultCell("count", "\(boxes.count)", isNumber: true), ResultCell("boxes", texts.joined(separator: "; ")),
    ]
  }
}
