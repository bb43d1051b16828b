public import FoveaCore

extension Boxes: DrawableResult {
  /// An outline around each box and its label above, the surest on top.
  public func draw(on canvas: inout Canvas) throws(ImageError) {
    let side = min(canvas.width, canvas.height)
    let thickness = max(side / 200, 1)
    let style = TextStyle(color: .black, capHeight: max(Double(side) / 40, 8), thickness: max(thickness / 2, 1))
    for box in boxes.reversed() {
      let color = Color.ofClass(labels.firstIndex(of: box.label) ?? 0)
      guard let rect = box.box.clipped(to: ImageSize(width: canvas.width, height: canvas.height))?.pixels else {
        continue
      }
      try canvas.outline(rect, color, thickness: thickness)
      let text = "\(box.label) \(NumberText.percent(box.confidence))"
      let extent = style.extent(of: text)
      // Inside the box where there is no room above.
      let top = max(rect.y - extent.height, 0)
      try canvas.fill(PixelRect(x: rect.x, y: top, width: extent.width, height: extent.height), color)
      try canvas.text(text, x: rect.x, y: top + extent.ascent, style: style)
    }
  }
}

extension PictureBox {
  /// The whole pixels that the box covers the better part of; one at least.
  fileprivate var pixels: PixelRect {
    let (x, y) = (Int((left + 0.5).rounded()), Int((top + 0.5).rounded()))
    return PixelRect(
      x: x, y: y, width: max(Int((right + 0.5).rounded()) - x, 1), height: max(Int((bottom + 0.5).rounded()) - y, 1))
  }
}
