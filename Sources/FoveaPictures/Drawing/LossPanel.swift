import Foundation
import FoveaCore
import FoveaImage

/// Losses over steps, on a scale of powers of ten; what is still to come is faint.
struct LossPanel: Panel {
  let width: Int
  let height = 190
  private let logarithms: [Double]
  private let step: Int
  private let powers: ClosedRange<Int>
  private let size: (width: Int, height: Int)

  private static let margin = (left: 44, bottom: 20, top: 8)
  /// Smaller ones are drawn as this.
  private static let least = 1e-12

  init(_ losses: [Float], upTo step: Int, width: Int = 320) {
    self.width = width
    self.step = min(max(step, 0), losses.count - 1)
    logarithms = losses.map { $0.isFinite ? log10(max(Double($0), Self.least)) : 0 }
    let (low, high) = (logarithms.min() ?? 0, logarithms.max() ?? 0)
    powers = Int(low.rounded(.down))...max(Int(high.rounded(.up)), Int(low.rounded(.down)) + 1)
    size = (width - Self.margin.left - 8, height - Self.margin.bottom - Self.margin.top)
  }

  func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let (left, top) = (x + Self.margin.left, y + Self.margin.top)
    func height(_ logarithm: Double) -> Int {
      let share = (logarithm - Double(powers.lowerBound)) / Double(powers.count - 1)
      return top + size.height - Int((share * Double(size.height)).rounded())
    }
    func place(_ step: Int) -> (x: Int, y: Int) {
      (left + step * size.width / max(logarithms.count - 1, 1), height(logarithms[step]))
    }
    let every = (powers.count + 7) / 8
    for power in powers where (power - powers.lowerBound).isMultiple(of: every) {
      let line = height(Double(power))
      try canvas.line(from: (left, line), to: (left + size.width, line), Palette.line)
      let label = Label(
        power < -3 || power > 4 ? "1e\(power)" : NumberText.short(pow(10, Double(power))), style: Palette.note)
      try label.draw(on: &canvas, x: left - label.width - 6, y: line - 4)
    }
    for label in [0, logarithms.count - 1] {
      let text = Label(label == 0 ? "step 0" : "\(label)", style: Palette.note)
      let end = place(label).x - (label == 0 ? 0 : text.width)
      try text.draw(on: &canvas, x: end, y: top + size.height + 8)
    }
    for index in logarithms.indices.dropFirst() {
      try canvas.line(
        from: place(index - 1), to: place(index), index <= step ? Palette.accent : Palette.line,
        thickness: index <= step ? 2 : 1)
    }
    let now = place(step)
    try canvas.fill(PixelRect(x: now.x - 3, y: now.y - 3, width: 7, height: 7), Palette.accent)
  }
}
