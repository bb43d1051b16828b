public import FoveaCore
import FoveaModel

/// Matrices of one size, one for each channel: a color picture's red, green and blue, or a kernel that reads several maps.
public struct NumberPlanes: Sendable, Equatable {
  public let matrices: [NumberMatrix]
  /// Whether they are red, green and blue.
  public let isColor: Bool

  public var count: Int { matrices.count }
  public var height: Int { matrices[0].height }
  public var width: Int { matrices[0].width }
  /// Of one after the other.
  public var values: [Float] { matrices.flatMap(\.values) }

  public init(_ matrix: NumberMatrix) {
    matrices = [matrix]
    isColor = false
  }

  /// - Throws: ``NumberMatrixError`` where there is none, or they differ in size.
  public init(_ matrices: [NumberMatrix], isColor: Bool = false) throws(NumberMatrixError) {
    guard let first = matrices.first else { throw NumberMatrixError("it has no number") }
    for (index, matrix) in matrices.enumerated()
    where (matrix.height, matrix.width) != (first.height, first.width) {
      throw NumberMatrixError(
        "all matrices must be as large as the first, which is \(first.height)×\(first.width); matrix \(index + 1) is "
          + "\(matrix.height)×\(matrix.width)")
    }
    self.matrices = matrices
    self.isColor = isColor && matrices.count == 3
  }

  /// Reads what a person has written: one matrix, as ``NumberMatrix/init(text:)`` reads it, or a list of them,
  /// `[[[1, 0], [0, 1]], [[0, 1], [1, 0]]]`.
  public init(text: String) throws(NumberMatrixError) {
    let value = try NumberMatrix.value(of: text)
    guard case .array(let elements) = value, !elements.isEmpty, elements.allSatisfy(Self.isMatrix) else {
      self.init(try NumberMatrix(value: value))
      return
    }
    var matrices: [NumberMatrix] = []
    for (index, element) in elements.enumerated() {
      do throws(NumberMatrixError) { matrices.append(try NumberMatrix(value: element)) } catch {
        throw NumberMatrixError("matrix \(index + 1): \(error)")
      }
    }
    try self.init(matrices)
  }

  /// A gray or color picture, as numbers from 0 to 1.
  ///
  /// - Throws: ``NumberMatrixError`` where a side is longer than ``NumberMatrix/longestSide``.
  public init(_ image: Image) throws(NumberMatrixError) {
    let (floats, channels) = (image.floats, image.channels)
    var matrices: [NumberMatrix] = []
    for channel in 0..<channels {
      let rows = (0..<image.height).map { y in
        (0..<image.width).map { x in floats[(y * image.width + x) * channels + channel] / 255 }
      }
      matrices.append(try NumberMatrix(rows))
    }
    try self.init(matrices, isColor: true)
  }

  /// What each is called where there are several.
  var names: [String] {
    if isColor { return ["red", "green", "blue"] }
    return count == 1 ? [""] : (1...count).map { "map \($0)" }
  }

  private static func isMatrix(_ value: ConfigurationValue) -> Bool {
    guard case .array(let rows) = value else { return false }
    return !rows.isEmpty && rows.allSatisfy { if case .array = $0 { true } else { false } }
  }
}
