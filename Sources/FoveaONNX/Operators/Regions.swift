import Foundation

// Boxes: which to keep, and what lies in them.
extension ONNXOperators {
  static let regions: [ONNXOperator] = [
    .one("NonMaxSuppression", suppressed),
    .one("RoiAlign", aligned),
    .one("MaxRoiPool") { call in
      let (input, boxes) = (try call.tensor(0, rank: 4), try call.tensor(1, rank: 2))
      let shape = try call.ints("pooled_shape") ?? []
      let scale = try call.float("spatial_scale", default: 1)
      guard shape.count == 2, shape.allSatisfy({ $0 > 0 }), boxes.dimensions[1] == 5, input.count > 0 else {
        throw Problem("boxes of \(boxes.dimensions) pooled to \(shape) from \(input.dimensions)")
      }
      let (channels, height, width) = (input.dimensions[1], input.dimensions[2], input.dimensions[3])
      let target = [boxes.dimensions[0], channels] + shape
      _ = try call.count(target)
      let (numbers, corners) = (input.numbers, boxes.numbers)
      var result: [Double] = []
      for box in 0..<boxes.dimensions[0] {
        let row = try corners[box * 5..<box * 5 + 5].map { value -> Double in
          guard value.isFinite, (value * scale).magnitude < 1e9, value.magnitude < 1e9 else {
            throw Problem("a box with a corner at \(value)")
          }
          return value
        }
        let example = try Places.wrapped(Int64(row[0]), extent: input.dimensions[0])
        let place = row[1...].map { Int(($0 * scale).rounded(.toNearestOrAwayFromZero)) }
        let (boxWidth, boxHeight) = (max(place[2] - place[0] + 1, 1), max(place[3] - place[1] + 1, 1))
        func range(_ index: Int, _ parts: Int, _ size: Int, _ start: Int, _ limit: Int) -> Range<Int> {
          let step = Double(size) / Double(parts)
          let first = Int((Double(index) * step).rounded(.down)) + start
          let end = Int((Double(index + 1) * step).rounded(.up)) + start
          let low = max(0, min(first, limit))
          return low..<max(low, min(end, limit))
        }
        for channel in 0..<channels {
          let plane = (example * channels + channel) * height * width
          for row in 0..<shape[0] {
            for column in 0..<shape[1] {
              var largest = -Double.infinity
              for y in range(row, shape[0], boxHeight, place[1], height) {
                for x in range(column, shape[1], boxWidth, place[0], width) {
                  largest = max(largest, numbers[plane + y * width + x])
                }
              }
              result.append(largest == -.infinity ? 0 : largest)
            }
          }
        }
      }
      return .make(input.type, numbers: result, target)
    },
  ]

  private static func suppressed(_ call: ONNXCall) throws -> ONNXTensor {
    let (boxes, scores) = (try call.tensor(0, rank: 3), try call.tensor(1, rank: 3))
    let (batch, count) = (boxes.dimensions[0], boxes.dimensions[1])
    guard boxes.dimensions[2] == 4, scores.dimensions[0] == batch, scores.dimensions[2] == count else {
      throw Problem("boxes of \(boxes.dimensions) and scores of \(scores.dimensions)")
    }
    let most = Int(truncatingIfNeeded: max(0, try call.optionalTensor(2)?.wholes.first ?? 0))
    let overlap = try call.optionalTensor(3)?.numbers.first ?? 0
    let least = try call.optionalTensor(4)?.numbers.first
    let hasCenters = try call.int("center_point_box", default: 0) == 1
    let (corners, values) = (boxes.numbers, scores.numbers)
    let classes = scores.dimensions[1]
    func box(_ example: Int, _ index: Int) -> (Double, Double, Double, Double) {
      let start = (example * count + index) * 4
      let (a, b, c, d) = (corners[start], corners[start + 1], corners[start + 2], corners[start + 3])
      if hasCenters { return (b - d / 2, a - c / 2, b + d / 2, a + c / 2) }
      return (min(a, c), min(b, d), max(a, c), max(b, d))
    }
    func intersectionOverUnion(_ a: (Double, Double, Double, Double), _ b: (Double, Double, Double, Double)) -> Double {
      let height = min(a.2, b.2) - max(a.0, b.0)
      let width = min(a.3, b.3) - max(a.1, b.1)
      guard height > 0, width > 0 else { return 0 }
      let common = height * width
      return common / ((a.2 - a.0) * (a.3 - a.1) + (b.2 - b.0) * (b.3 - b.1) - common)
    }
    var kept: [Int64] = []
    for example in 0..<batch {
      for label in 0..<classes {
        let start = (example * classes + label) * count
        let order = (0..<count).filter { index in least.map { values[start + index] > $0 } ?? true }
          .sorted { values[start + $0] == values[start + $1] ? $0 < $1 : values[start + $0] > values[start + $1] }
        var chosen: [Int] = []
        for candidate in order {
          guard chosen.count < most else { break }
          let own = box(example, candidate)
          if chosen.allSatisfy({ intersectionOverUnion(box(example, $0), own) <= overlap }) { chosen.append(candidate) }
        }
        for index in chosen { kept += [Int64(example), Int64(label), Int64(index)] }
      }
    }
    return ONNXTensor(kept, [kept.count / 3, 3])
  }

  private static func aligned(_ call: ONNXCall) throws -> ONNXTensor {
    let (input, boxes) = (try call.tensor(0, rank: 4), try call.tensor(1, rank: 2))
    let examples = try call.tensor(2).wholes
    let (rows, columns) = (try call.int("output_height", default: 1), try call.int("output_width", default: 1))
    let ratio = try call.int("sampling_ratio", default: 0)
    let scale = try call.float("spatial_scale", default: 1)
    let mode = try call.text("mode", default: "avg")
    let transform = try call.text(
      "coordinate_transformation_mode", default: call.version < 16 ? "output_half_pixel" : "half_pixel")
    guard boxes.dimensions[1] == 4, examples.count == boxes.dimensions[0], rows > 0, columns > 0, ratio >= 0,
      input.count > 0, mode == "avg" || mode == "max"
    else { throw Problem("boxes of \(boxes.dimensions) from \(input.dimensions), mode '\(mode)'") }
    let (channels, height, width) = (input.dimensions[1], input.dimensions[2], input.dimensions[3])
    let target = [boxes.dimensions[0], channels, rows, columns]
    _ = try call.count(target)
    let (numbers, corners) = (input.numbers, boxes.numbers)
    let offset = transform == "half_pixel" ? 0.5 : 0
    var result = Array(repeating: 0.0, count: target.reduce(1, *))
    for index in 0..<boxes.dimensions[0] {
      let box = corners[index * 4..<index * 4 + 4].map { $0 * scale - offset }
      guard box.allSatisfy({ $0.isFinite && $0.magnitude < 1e9 }) else { throw Problem("a box at \(box)") }
      let example = try Places.wrapped(examples[index], extent: input.dimensions[0])
      var (boxWidth, boxHeight) = (box[2] - box[0], box[3] - box[1])
      if transform != "half_pixel" { (boxWidth, boxHeight) = (max(boxWidth, 1), max(boxHeight, 1)) }
      let (cellHeight, cellWidth) = (boxHeight / Double(rows), boxWidth / Double(columns))
      let vertical = ratio > 0 ? ratio : max(Int(cellHeight.rounded(.up)), 0)
      let horizontal = ratio > 0 ? ratio : max(Int(cellWidth.rounded(.up)), 0)
      try call.work(rows, columns, try call.count([vertical, horizontal]), channels)
      for row in 0..<rows {
        for column in 0..<columns {
          var taps: [[(Int, Double)]] = []
          for y in 0..<vertical {
            for x in 0..<horizontal {
              taps.append(
                corner(
                  box[1] + (Double(row) + (Double(y) + 0.5) / Double(vertical)) * cellHeight,
                  box[0] + (Double(column) + (Double(x) + 0.5) / Double(horizontal)) * cellWidth, height, width))
            }
          }
          for channel in 0..<channels {
            let plane = (example * channels + channel) * height * width
            let place = ((index * channels + channel) * rows + row) * columns + column
            if mode == "avg" {
              let sum = taps.reduce(0) { sum, corners in
                corners.reduce(sum) { $0 + numbers[plane + $1.0] * $1.1 }
              }
              result[place] = sum / Double(max(taps.count, 1))
            } else {
              result[place] =
                taps.map { corners in corners.map { numbers[plane + $0.0] * $0.1 }.max() ?? 0 }.max() ?? 0
            }
          }
        }
      }
    }
    return .make(input.type, numbers: result, target)
  }

  /// The four elements around a point, with their weights; none where it is outside.
  private static func corner(_ y: Double, _ x: Double, _ height: Int, _ width: Int) -> [(Int, Double)] {
    guard y >= -1, y <= Double(height), x >= -1, x <= Double(width) else { return [] }
    let (y, x) = (max(y, 0), max(x, 0))
    let top = min(Int(y), height - 1)
    let left = min(Int(x), width - 1)
    let (bottom, right) = (min(top + 1, height - 1), min(left + 1, width - 1))
    let (down, across) = (
      top == height - 1 ? 0 : y - Double(top), left == width - 1 ? 0 : x - Double(left)
    )
    return [
      (top * width + left, (1 - down) * (1 - across)), (top * width + right, (1 - down) * across),
      (bottom * width + left, down * (1 - across)), (bottom * width + right, down * across),
    ]
  }
}
