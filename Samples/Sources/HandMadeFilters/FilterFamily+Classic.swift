extension FilterFamily {
  static let all = [lines, edges, smoothing, shapes]

  /// Source: R. Gonzalez, R. Woods, "Digital Image Processing", section 10.2: line detection masks.
  static let lines = FilterFamily(
    name: "lines",
    explanation: "Line detectors: positive along a line of one direction, negative beside it. Areas and lines of other "
      + "directions cancel out.",
    filters: [
      Filter("horizontal line", "answers to lines from left to right", [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
      Filter("vertical line", "answers to lines from top to bottom", [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]),
      Filter(
        "rising line", "answers to lines from lower left to upper right", [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]),
      Filter(
        "falling line", "answers to lines from upper left to lower right", [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
    ])

  /// Source: J. Prewitt 1970; I. Sobel, G. Feldman 1968; H. Scharr 2000; D. Marr, E. Hildreth 1980.
  static let edges = FilterFamily(
    name: "edges",
    explanation: "Edge filters: the difference between what lies on either side. Red is the step to bright, blue the "
      + "step to dark.",
    filters: [
      Filter("Prewitt x", "the step from left to right", [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
      Filter("Prewitt y", "the step from top to bottom", [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
      Filter("Sobel x", "as Prewitt, with more weight in the middle", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
      Filter("Sobel y", "as Prewitt, with more weight in the middle", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
      Filter("Scharr x", "nearly the same for all directions", [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
      Filter("Laplacian", "edges of all directions at once", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
      Filter("Laplacian 8", "diagonal neighbours count too", [[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
      Filter(
        "Laplacian of Gaussian", "smooths first, so that noise is no edge",
        [[0, 0, 1, 0, 0], [0, 1, 2, 1, 0], [1, 2, -16, 2, 1], [0, 1, 2, 1, 0], [0, 0, 1, 0, 0]]),
    ])

  static let smoothing = FilterFamily(
    name: "smoothing",
    explanation: "The same operation with other numbers: means smooth, differences from the mean sharpen.",
    filters: [
      Filter("mean", "every neighbour counts the same", [[1, 1, 1], [1, 1, 1], [1, 1, 1]], divisor: 9),
      Filter(
        "Gaussian", "near neighbours count more",
        [[1, 4, 6, 4, 1], [4, 16, 24, 16, 4], [6, 24, 36, 24, 6], [4, 16, 24, 16, 4], [1, 4, 6, 4, 1]], divisor: 256),
      Filter("sharpen", "the pixel plus what sets it apart", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
      Filter("emboss", "light from the upper left", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    ])

  static let shapes = FilterFamily(
    name: "shapes",
    explanation: "Shape detectors: the shape itself is positive, all around is negative, and the sum is 0. The answer "
      + "is strongest where the whole shape lies under the matrix; those places are framed.",
    filters: [
      Filter.template("square", "answers to squares with a side of \(LineDrawing.side) pixels") { x, y in
        abs(max(abs(x), abs(y)) - Float(LineDrawing.side / 2))
      },
      Filter.template("circle", "answers to circles with a diameter of \(LineDrawing.side) pixels") { x, y in
        abs((x * x + y * y).squareRoot() - Float(LineDrawing.side / 2))
      },
    ], findsShapes: true)
}

extension Filter {
  /// A matrix that is positive where `distance` from the outline is small, with the sum 0.
  ///
  /// - Parameter distance: of a place from the outline, in pixels; (0, 0) is the middle.
  static func template(
    _ name: String, _ explanation: String, distance: (_ x: Float, _ y: Float) -> Float
  ) -> Filter {
    let radius = LineDrawing.side / 2 + 2
    let places = (-radius...radius).map(Float.init)
    let ink = places.map { y in places.map { x in max(0, 1 - distance(x, y)) } }
    let total = ink.joined().reduce(0, +)
    let mean = total / Float(places.count * places.count)
    return Filter(name, explanation, ink.map { $0.map { $0 - mean } }, divisor: total)
  }
}
