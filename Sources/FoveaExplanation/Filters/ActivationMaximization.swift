import Foundation
public import FoveaCore
import FoveaModel

/// Makes inputs that excite a layer's units: from noise, uphill along the gradient of a unit's mean output.
///
/// The input is shifted and scaled a little at random before each step, and the gradient's bands of frequencies are brought to
/// the same size, so that what comes out is no noise of high frequency; where neighbors differ much, they are drawn together.
/// Where no way is uphill, louder noise is added. Of all inputs on the way, the first noise included, the best is kept.
///
/// Source: Erhan, Bengio, Courville, Vincent 2009, "Visualizing Higher-Layer Features of a Deep Network"; Olah, Mordvintsev,
/// Schubert 2017, "Feature Visualization", sections on transformations and frequencies; total variation: Mahendran, Vedaldi
/// 2015, "Understanding Deep Image Representations by Inverting Them", section 3.
public struct ActivationMaximization: Sendable {
  public var steps = 96
  /// The largest shift, in pixels; nil for a thirtieth of the shorter side.
  public var jitter: Int?
  /// The largest change of size, as a share.
  public var scaling: Double = 0.06
  /// How far a step goes, as a share of the range of what an input may be.
  public var rate: Float = 0.045
  /// How much neighbors are drawn together at each step, 0 to 1.
  public var smoothing: Float = 0.05
  public var seed: UInt64 = 0

  public init() {}

  /// What excites a unit.
  public struct Found: Sendable {
    public let unit: Int
    /// `[1, channels, height, width]`, in the numbers that go into the network.
    public let input: Tensor
    /// The unit's mean output for it, never less than ``start``.
    public let value: Float
    /// The same at the beginning, for noise.
    public let start: Float
  }

  /// - Parameters:
  ///   - range: the lowest and the highest number that each channel may hold.
  ///   - pool: whose workers share the units.
  /// - Throws: ``ExplanationError/forwardOnly(layer:kind:)``
  public func inputs(
    exciting units: [Int], of layer: StudiedLayer, within range: [ClosedRange<Float>], on pool: WorkerPool
  ) throws(ExplanationError) -> [Found] {
    if let obstacle = layer.tracer.obstacle {
      throw .forwardOnly(layer: obstacle.name, kind: type(of: obstacle.layer).kind)
    }
    let results = pool.map(units.count) { place in
      Result { () throws(ExplanationError) in try input(exciting: units[place], of: layer, within: range) }
    }
    return try results.map { result throws(ExplanationError) in try result.get() }
  }

  private func input(
    exciting unit: Int, of layer: StudiedLayer, within range: [ClosedRange<Float>]
  ) throws(ExplanationError) -> Found {
    let shape = layer.model.inputShape
    let (height, width) = (shape[1], shape[2])
    let area = height * width
    let jitter = Double(jitter ?? max(min(height, width) / 30, 1))
    // Each unit has a stream of its own, so that its picture is the same whatever others are looked at.
    var random = SeededRandom(seed: seed &+ UInt64(unit) &* 0x9E37_79B9_7F4A_7C15)
    var picture = (0..<shape.count).map { index -> Float in
      let range = range[index / area]
      let middle = (range.lowerBound + range.upperBound) / 2
      return middle + (range.upperBound - range.lowerBound) * 0.05 * random.normal()
    }
    let start = try output(for: picture, unit, layer, shape)
    var best = (picture: picture, value: start)
    var loudness: Float = 0.05
    for step in 0..<steps {
      let view = View(
        height: height, width: width, scale: 1 + scaling * Double(random.uniform(in: -1...1)),
        top: Double(random.uniform(in: -1...1)) * jitter,
        left: Double(random.uniform(in: -1...1)) * jitter)
      let gradient = try gradient(view.applied(to: picture), unit, layer, shape)
      if gradient.allSatisfy({ $0 == 0 }) {
        // Flat, such as where all of the inputs of a ReLU are negative.
        loudness = min(2 * loudness, 0.4)
        for index in picture.indices {
          let range = range[index / area]
          picture[index] += (range.upperBound - range.lowerBound) * loudness * random.normal()
        }
      } else {
        let balanced = Self.balanced(view.reversed(gradient), height: height, width: width)
        // Large steps first.
        let size = rate * (1 - 0.7 * Float(step) / Float(max(steps, 1)))
        for index in picture.indices {
          let range = range[index / area]
          picture[index] += size * (range.upperBound - range.lowerBound) * balanced[index]
        }
        Self.smooth(&picture, height: height, width: width, by: smoothing)
      }
      for index in picture.indices {
        let range = range[index / area]
        picture[index] = min(max(picture[index], range.lowerBound), range.upperBound)
      }
      let reached = try output(for: picture, unit, layer, shape)
      if reached > best.value { best = (picture, reached) }
    }
    return Found(unit: unit, input: Tensor(best.picture, shape.batched(1)), value: best.value, start: start)
  }

  /// The unit's mean output.
  private func output(
    for picture: [Float], _ unit: Int, _ layer: StudiedLayer, _ shape: Shape
  ) throws(ExplanationError) -> Float {
    do throws(ModelError) {
      let trace = try layer.tracer.trace(Tensors(Tensor(picture, shape.batched(1))))
      let places = layer.places
      return trace.outputs.head.withUnsafeFloats { outputs in
        outputs[unit * places..<(unit + 1) * places].reduce(0, +) / Float(places)
      }
    } catch { throw .network(error.description) }
  }

  /// The gradient of the unit's mean output.
  private func gradient(
    _ picture: [Float], _ unit: Int, _ layer: StudiedLayer, _ shape: Shape
  ) throws(ExplanationError) -> [Float] {
    do throws(ModelError) {
      let trace = try layer.tracer.trace(Tensors(Tensor(picture, shape.batched(1))))
      let places = layer.places
      let seed = Tensor(layer.shape.batched(1)) { seed in
        for place in 0..<places { seed[unit * places + place] = 1 / Float(places) }
      }
      return try trace.gradients(seed)[0]?.elements ?? [Float](repeating: 0, count: shape.count)
    } catch { throw .network(error.description) }
  }

  /// A look at a picture that is a little shifted and scaled, edges repeated.
  private struct View {
    let height, width: Int
    let scale, top, left: Double

    private func source(_ row: Int, _ column: Int) -> (y: Double, x: Double) {
      let (middleY, middleX) = (Double(height - 1) / 2, Double(width - 1) / 2)
      let y = (Double(row) - middleY) * scale + middleY + top
      let x = (Double(column) - middleX) * scale + middleX + left
      return (min(max(y, 0), Double(height - 1)), min(max(x, 0), Double(width - 1)))
    }

    /// Calls `body` with each place, and the four that it is made of with their shares.
    private func forEach(_ body: (_ place: Int, _ sources: [(Int, Float)]) -> Void) {
      for row in 0..<height {
        for column in 0..<width {
          let (y, x) = source(row, column)
          let (top, left) = (Int(y), Int(x))
          let (bottom, right) = (min(top + 1, height - 1), min(left + 1, width - 1))
          let (b, a) = (Float(y - Double(top)), Float(x - Double(left)))
          body(
            row * width + column,
            [
              (top * width + left, (1 - a) * (1 - b)), (top * width + right, a * (1 - b)),
              (bottom * width + left, (1 - a) * b), (bottom * width + right, a * b),
            ])
        }
      }
    }

    func applied(to picture: [Float]) -> [Float] {
      let area = height * width
      var result = picture
      forEach { place, sources in
        for start in stride(from: 0, to: picture.count, by: area) {
          result[start + place] = sources.reduce(0) { $0 + picture[start + $1.0] * $1.1 }
        }
      }
      return result
    }

    /// What a gradient by the view is by the picture.
    func reversed(_ gradient: [Float]) -> [Float] {
      let area = height * width
      var result = [Float](repeating: 0, count: gradient.count)
      forEach { place, sources in
        for start in stride(from: 0, to: gradient.count, by: area) {
          for (source, share) in sources { result[start + source] += gradient[start + place] * share }
        }
      }
      return result
    }
  }

  /// The bands between means over squares of 1, 3, 9 and 27 pixels, each brought to deviation 1, and added up.
  private static func balanced(_ gradient: [Float], height: Int, width: Int) -> [Float] {
    var sum = [Float](repeating: 0, count: gradient.count)
    var rest = gradient
    var radius = 1
    while radius < min(height, width) / 2, radius <= 13 {
      let coarse = mean(rest, height: height, width: width, radius)
      add(zip(rest, coarse).map { $0 - $1 }, to: &sum, weight: radius == 1 ? 0.35 : 1)
      rest = coarse
      radius *= 3
    }
    add(rest, to: &sum, weight: 1)
    let deviation = (sum.reduce(0.0) { $0 + Double($1 * $1) } / Double(max(sum.count, 1))).squareRoot()
    return deviation > 0 ? sum.map { $0 / Float(deviation) } : sum
  }

  private static func add(_ band: [Float], to sum: inout [Float], weight: Float) {
    let deviation = (band.reduce(0.0) { $0 + Double($1 * $1) } / Double(max(band.count, 1))).squareRoot()
    guard deviation > 0, deviation.isFinite else { return }
    for index in sum.indices { sum[index] += band[index] / Float(deviation) * weight }
  }

  private static func mean(_ source: [Float], height: Int, width: Int, _ radius: Int) -> [Float] {
    func along(_ values: [Float], count: Int, step: Int, starts: [Int]) -> [Float] {
      var result = values
      for start in starts {
        var sums = [Double](repeating: 0, count: count + 1)
        for i in 0..<count { sums[i + 1] = sums[i] + Double(values[start + i * step]) }
        for i in 0..<count {
          let (low, high) = (max(i - radius, 0), min(i + radius + 1, count))
          result[start + i * step] = Float((sums[high] - sums[low]) / Double(high - low))
        }
      }
      return result
    }
    let rows = along(source, count: width, step: 1, starts: Array(stride(from: 0, to: source.count, by: width)))
    let columns = stride(from: 0, to: source.count, by: height * width).flatMap { plane in
      (0..<width).map { plane + $0 }
    }
    return along(rows, count: height, step: width, starts: columns)
  }

  /// A step down the total variation, squared: each place towards the mean of its four neighbors.
  private static func smooth(_ picture: inout [Float], height: Int, width: Int, by share: Float) {
    guard share > 0 else { return }
    let source = picture
    for plane in stride(from: 0, to: source.count, by: height * width) {
      for row in 0..<height {
        for column in 0..<width {
          let place = plane + row * width + column
          let up = source[row > 0 ? place - width : place]
          let down = source[row < height - 1 ? place + width : place]
          let left = source[column > 0 ? place - 1 : place]
          let right = source[column < width - 1 ? place + 1 : place]
          picture[place] += share * ((up + down + left + right) / 4 - source[place])
        }
      }
    }
  }
}
