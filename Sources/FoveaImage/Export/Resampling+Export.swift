import FoveaCore

/// Resizing in a graph, as two products with matrices that the graph makes for the size that comes: the weights of old pixels in
/// each new one. Bytes are rounded where our own kernels round them, so that the results are theirs.
extension ExportedGraph {
  /// Height and width, whole numbers without axes.
  mutating func size(of picture: ExportedPicture) -> (height: String, width: String) {
    if let size = picture.size { return (integer(size.height), integer(size.width)) }
    let shape = add("Shape", [picture.value])
    return (
      add("Gather", [shape, integer(2)], ["axis": .integer(0)]),
      add("Gather", [shape, integer(3)], ["axis": .integer(0)])
    )
  }

  mutating func resized(
    _ picture: ExportedPicture, to size: (height: String, width: String), _ interpolation: Interpolation
  ) -> ExportedPicture {
    var result = picture
    result.size = nil
    let old = self.size(of: picture)
    switch interpolation {
    case .nearest:
      result.value = nearest(result.value, 2, old.height, size.height)
      result.value = nearest(result.value, 3, old.width, size.width)
    case .bilinear:
      result.value = bilinear(result.value, old, size, isBytes: picture.isBytes)
    case .area:
      // A side that grows is bilinear.
      let smaller = (add("Min", [old.height, size.height]), add("Min", [old.width, size.width]))
      result.value = area(result.value, old, smaller, isBytes: picture.isBytes)
      result.value = bilinear(result.value, smaller, size, isBytes: picture.isBytes)
    case .bilinearAntialiased: filter { $0.triangle($1) }
    case .bicubicAntialiased: filter { $0.cubic($1) }
    case .lanczos: filter { $0.lanczos($1) }
    }
    return result
    func filter(_ weight: (inout ExportedGraph, String) -> String) {
      result.value = filtered(result.value, old.width, size.width, picture.isBytes, alongRows: true, weight)
      result.value = filtered(result.value, old.height, size.height, picture.isBytes, alongRows: false, weight)
    }
  }

  // MARK: Parts

  private mutating func double(_ value: String) -> String { add("Cast", [value], ["to": .integer(11)]) }

  private mutating func single(_ value: String) -> String { add("Cast", [value], ["to": .integer(1)]) }

  /// 0, 1, … as doubles along an axis of two.
  private mutating func places(_ count: String, isColumn: Bool) -> String {
    let range = add("Range", [integer(0), count, integer(1)])
    return add("Unsqueeze", [double(range), integers([isColumn ? 1 : 0])])
  }

  private mutating func zeroOrMore(_ value: String) -> String { add("Max", [value, double(0)]) }

  /// `[new, old]` times the picture, or the picture times the turned matrix.
  private mutating func product(_ value: String, _ matrix: String, alongRows: Bool) -> String {
    alongRows
      ? add("MatMul", [value, add("Transpose", [matrix], ["perm": .integers([1, 0])])])
      : add("MatMul", [matrix, value])
  }

  private mutating func bytes(_ value: String) -> String {
    add("Min", [zeroOrMore(add("Floor", [value])), double(255)])
  }

  // MARK: Nearest

  private mutating func nearest(_ value: String, _ axis: Int, _ old: String, _ new: String) -> String {
    let centers = add("Add", [double(add("Range", [integer(0), new, integer(1)])), double(0.5)])
    let places = add("Floor", [add("Mul", [centers, add("Div", [double(old), double(new)])])])
    return add("Gather", [value, add("Cast", [places], ["to": .integer(7)])], ["axis": .integer(axis)])
  }

  // MARK: Area

  private mutating func area(
    _ value: String, _ old: (height: String, width: String), _ new: (height: String, width: String), isBytes: Bool
  ) -> String {
    let rows = product(double(value), coverage(old.height, new.height), alongRows: false)
    let all = product(rows, coverage(old.width, new.width), alongRows: true)
    guard isBytes else { return single(all) }
    // Halves round up, in float32.
    return add("Floor", [add("Add", [single(all), number(0.5)])])
  }

  /// How much of each old pixel a new one covers, of all that it covers; in float32's precision.
  private mutating func coverage(_ old: String, _ new: String) -> String {
    let (place, pixel) = (places(new, isColumn: true), places(old, isColumn: false))
    let (oldExtent, newExtent) = (double(old), double(new))
    let start = add("Div", [add("Mul", [place, oldExtent]), newExtent])
    let end = add("Div", [add("Mul", [add("Add", [place, double(1)]), oldExtent]), newExtent])
    let last = add("Min", [end, add("Add", [pixel, double(1)])])
    let part = zeroOrMore(add("Sub", [last, add("Max", [start, pixel])]))
    return double(single(add("Div", [add("Mul", [part, newExtent]), oldExtent])))
  }

  // MARK: Bilinear

  private mutating func bilinear(
    _ value: String, _ old: (height: String, width: String), _ new: (height: String, width: String), isBytes: Bool
  ) -> String {
    let (left, right) = neighbors(old.width, new.width, isBytes: isBytes)
    let (upper, lower) = neighbors(old.height, new.height, isBytes: isBytes)
    let rows = product(double(value), add("Add", [left, right]), alongRows: true)
    guard isBytes else { return single(product(rows, add("Add", [upper, lower]), alongRows: false)) }
    // Fixed point as OpenCV has it: 11 bits of each weight, 4 of which are cut off in between.
    let cut = add("Floor", [add("Div", [rows, double(16)])])
    func part(_ weights: String) -> String {
      add("Floor", [add("Div", [product(cut, weights, alongRows: false), double(65536)])])
    }
    let sum = add("Add", [add("Add", [part(upper), part(lower)]), double(2)])
    return single(bytes(add("Div", [sum, double(4)])))
  }

  /// The weights of the old pixel before each new one's center, and of the one behind it.
  private mutating func neighbors(_ old: String, _ new: String, isBytes: Bool) -> (String, String) {
    let (place, pixel) = (places(new, isColumn: true), places(old, isColumn: false))
    let scaled = add("Mul", [add("Add", [place, double(0.5)]), add("Div", [double(old), double(new)])])
    let center = double(single(add("Sub", [scaled, double(0.5)])))
    let last = add("Sub", [double(old), double(1)])
    let first = add("Min", [zeroOrMore(add("Floor", [center])), last])
    var share = add("Sub", [center, first])
    // Beyond the first and the last center there is one neighbor.
    share = add("Where", [add("Less", [center, first]), double(0), share])
    share = add("Where", [add("Less", [first, last]), share, double(0)])
    func weights(_ share: String, at place: String) -> String {
      let weight = isBytes ? add("Round", [add("Mul", [share, double(2048)])]) : share
      return add("Where", [add("Equal", [pixel, place]), weight, double(0)])
    }
    return (
      weights(add("Sub", [double(1), share]), at: first), weights(share, at: add("Add", [first, double(1)]))
    )
  }

  // MARK: Filters

  /// Source: Resample.c of Pillow; 22 bits behind the point.
  ///
  /// - Parameter weight: of an old pixel, by how far its center is from the new one's.
  private mutating func filtered(
    _ value: String, _ old: String, _ new: String, _ isBytes: Bool, alongRows: Bool,
    _ weight: (inout ExportedGraph, String) -> String
  ) -> String {
    let (place, pixel) = (places(new, isColumn: true), places(old, isColumn: false))
    let scale = add("Div", [double(old), double(new)])
    let center = add("Mul", [add("Add", [place, double(0.5)]), scale])
    let spread = add("Max", [scale, double(1)])
    let offset = add("Add", [add("Sub", [pixel, center]), double(0.5)])
    let distance = add("Abs", [add("Div", [offset, spread])])
    let raw = weight(&self, distance)
    let weights = add("Div", [raw, add("ReduceSum", [raw, integers([1])])])
    guard isBytes else { return single(product(double(value), weights, alongRows: alongRows)) }
    let fraction = Double(1 << 22)
    let scaled = add("Mul", [add("Abs", [weights]), double(fraction)])
    let whole = add("Mul", [add("Floor", [add("Add", [scaled, double(0.5)])]), add("Sign", [weights])])
    let sums = add("Add", [product(double(value), whole, alongRows: alongRows), double(fraction / 2)])
    return single(bytes(add("Div", [sums, double(fraction)])))
  }

  private mutating func triangle(_ x: String) -> String { zeroOrMore(add("Sub", [double(1), x])) }

  /// The sinc function, in a window that is the middle of one three times as wide.
  private mutating func lanczos(_ x: String) -> String {
    let inside = add("Mul", [sinc(x), sinc(add("Div", [x, double(3)]))])
    return add("Where", [add("Less", [x, double(3)]), inside, double(0)])
  }

  private mutating func sinc(_ x: String) -> String {
    let angle = add("Mul", [x, double(Double.pi)])
    let ratio = add("Div", [add("Sin", [angle]), angle])
    return add("Where", [add("Equal", [x, double(0)]), double(1), ratio])
  }

  /// Keys 1981, with a = −½.
  private mutating func cubic(_ x: String) -> String {
    let square = add("Mul", [x, x])
    let near = add(
      "Add", [add("Mul", [add("Sub", [add("Mul", [x, double(1.5)]), double(2.5)]), square]), double(1)])
    let inner = add("Add", [add("Mul", [add("Sub", [x, double(5)]), x]), double(8)])
    let far = add("Mul", [add("Sub", [add("Mul", [inner, x]), double(4)]), double(-0.5)])
    let outside = add("Where", [add("Less", [x, double(2)]), far, double(0)])
    return add("Where", [add("Less", [x, double(1)]), near, outside])
  }
}
