public import FoveaCore
public import FoveaImage
import FoveaModel
public import FoveaPipeline
import Synchronization

/// The pictures of a data set that excite each unit of a layer most, with what of them the unit has seen.
///
/// However many pictures there are, the best few of each unit are kept.
public final class ExcitingPictures: Sendable {
  /// Where a unit was most excited in a picture.
  public struct Place: Sendable {
    /// The picture's path.
    public let path: String
    public let value: Float
    /// What the unit has seen of the picture, in its own pixels.
    public let box: PictureBox?
    /// The same, cut out.
    public let crop: Image
  }

  public let layer: StudiedLayer
  public let units: [Int]
  private let pipeline: Pipeline
  private let most: Int
  private let side: Int
  /// For each of the units, the best first.
  private let found: Mutex<[[Place]]>

  /// - Parameters:
  ///   - most: pictures of each unit.
  ///   - side: the longest side of what is cut out, in pixels.
  public init(_ layer: StudiedLayer, units: [Int], _ pipeline: Pipeline, most: Int = 8, side: Int = 96) {
    (self.layer, self.units, self.pipeline, self.most, self.side) = (layer, units, pipeline, most, side)
    found = Mutex(Array(repeating: [], count: units.count))
  }

  /// For each of the units, the best first.
  public var places: [[Place]] { found.withLock(\.self) }

  /// Looks at one picture; on any thread.
  ///
  /// - Throws: ``PipelineError``, ``ImageError``
  public func look(at picture: DecodedImage, name: String) throws {
    let (inputs, geometry) = try pipeline.inputs(for: OneOrMore(picture))
    let outputs: Tensor
    do throws(ModelError) { outputs = try layer.model.infer(inputs.head) } catch { throw PipelineError.model(error) }
    let places = layer.places
    let width = layer.shape.rank == 3 ? layer.shape[2] : 1
    let best = outputs.withUnsafeFloats { values in
      units.map { unit in
        let own = unit * places..<(unit + 1) * places
        let place = own.max { values[$0] < values[$1] } ?? own.lowerBound
        return (place: place - own.lowerBound, value: values[place])
      }
    }
    let thresholds = found.withLock { found in found.map { $0.count < most ? -Float.infinity : $0[most - 1].value } }
    for (number, best) in best.enumerated() where best.value > thresholds[number] {
      let place = try self.place(
        picture, geometry, row: best.place / width, column: best.place % width, name, best.value)
      found.withLock { found in
        // The order of threads must not show: equal values go by their paths.
        let index = found[number].firstIndex { ($0.value, place.path) < (place.value, $0.path) } ?? found[number].count
        found[number].insert(place, at: index)
        if found[number].count > most { found[number].removeLast() }
      }
    }
  }

  private func place(
    _ picture: DecodedImage, _ geometry: PictureGeometry, row: Int, column: Int, _ name: String, _ value: Float
  ) throws(ImageError) -> Place {
    let whole = PixelRect(x: 0, y: 0, width: picture.image.width, height: picture.image.height)
    var (rect, box) = (whole, PictureBox?.none)
    if let seen = layer.field.elements(row: row, column: column, of: layer.model.inputShape) {
      let input = PictureBox(
        x: seen.columns.lowerBound, y: seen.rows.lowerBound, width: seen.columns.count, height: seen.rows.count)
      box = try geometry.toOriginal.apply(input).clipped(to: geometry.original)
      // The picture may have been decoded at a part of its size.
      let toDecoded = AffineTransform.resizing(from: geometry.original, to: picture.image.size)
      if let own = box.map(toDecoded.apply)?.clipped(to: picture.image.size) {
        let (x, y) = (Int((own.left + 0.5).rounded(.down)), Int((own.top + 0.5).rounded(.down)))
        rect = PixelRect(
          x: min(max(x, 0), whole.width - 1), y: min(max(y, 0), whole.height - 1),
          width: max(Int(own.width.rounded()), 1), height: max(Int(own.height.rounded()), 1))
        rect.width = min(rect.width, whole.width - rect.x)
        rect.height = min(rect.height, whole.height - rect.y)
      }
    }
    let crop = try picture.image.cropped(to: rect)
    let longest = max(crop.width, crop.height)
    let scale = Double(side) / Double(longest)
    let small =
      longest <= side
      ? crop
      : try crop.resized(
        width: max(Int(Double(crop.width) * scale), 1), height: max(Int(Double(crop.height) * scale), 1))
    return Place(path: name, value: value, box: box, crop: small)
  }
}
