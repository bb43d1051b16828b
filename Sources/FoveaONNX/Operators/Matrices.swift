// Products of matrices.
extension ONNXOperators {
  static let matrices: [ONNXOperator] = [
    .one("MatMul") { call in
      let (a, b) = (try call.tensor(0), try call.tensor(1))
      guard a.type == b.type else { throw Problem("it multiplies \(a.type.name) by \(b.type.name)") }
      return try MatrixProduct(a.dimensions, b.dimensions, call).product(a, b)
    },
    .one("Gemm") { call in
      var (a, b) = (try call.tensor(0, rank: 2), try call.tensor(1, rank: 2))
      guard a.type == b.type else { throw Problem("it multiplies \(a.type.name) by \(b.type.name)") }
      if try call.flag("transA") { a = a.transposed([1, 0]) }
      if try call.flag("transB") { b = b.transposed([1, 0]) }
      let (alpha, beta) = (try call.float("alpha", default: 1), try call.float("beta", default: 1))
      let product = try MatrixProduct(a.dimensions, b.dimensions, call).product(a, b)
      let bias = try call.optionalTensor(2)
      if let bias {
        guard try Strides.broadcast([bias.dimensions, product.dimensions]) == product.dimensions else {
          throw Problem("\(bias.dimensions) cannot be added to \(product.dimensions)")
        }
      }
      let added = bias?.broadcast(to: product.dimensions)
      if product.type.isInteger {
        let wholes = product.wholes.map { Double($0) * alpha }
        let sum = added.map { added in zip(wholes, added.wholes).map { $0 + beta * Double($1) } } ?? wholes
        return .make(product.type, numbers: sum, product.dimensions)
      }
      if alpha == 1, added == nil { return product }
      let numbers = product.numbers
      let sum = added.map { added in zip(numbers, added.numbers).map { alpha * $0 + beta * $1 } }
      return .make(product.type, numbers: sum ?? numbers.map { alpha * $0 }, product.dimensions)
    },
    .one("Det") { call in
      let input = try call.tensor(0)
      guard input.rank >= 2, input.dimensions[input.rank - 1] == input.dimensions[input.rank - 2] else {
        throw Problem("it takes square matrices, but gets \(input.dimensions)")
      }
      let size = input.dimensions[input.rank - 1]
      let target = Array(input.dimensions.dropLast(2))
      let numbers = input.numbers
      let results = (0..<target.reduce(1, *)).map { index in
        determinant(Array(numbers[index * size * size..<(index + 1) * size * size]), size)
      }
      return .make(input.type, numbers: results, target)
    },
  ]

  /// By elimination, with the largest of each column first.
  private static func determinant(_ matrix: [Double], _ size: Int) -> Double {
    var (matrix, result) = (matrix, 1.0)
    for column in 0..<size {
      let best = (column..<size).max { matrix[$0 * size + column].magnitude < matrix[$1 * size + column].magnitude }
      guard let best, matrix[best * size + column] != 0 else { return 0 }
      if best != column {
        for index in 0..<size { matrix.swapAt(best * size + index, column * size + index) }
        result = -result
      }
      result *= matrix[column * size + column]
      for row in (column + 1)..<max(size, column + 1) {
        let factor = matrix[row * size + column] / matrix[column * size + column]
        for index in column..<size { matrix[row * size + index] -= factor * matrix[column * size + index] }
      }
    }
    return result
  }
}

/// A product of stacks of matrices, as `numpy.matmul` has it.
struct MatrixProduct {
  let rows: Int
  let inner: Int
  let columns: Int
  /// For each matrix of the result: where those of the factors begin.
  let starts: [(first: Int, second: Int)]
  let target: [Int]

  init(_ first: [Int], _ second: [Int], _ call: ONNXCall) throws {
    guard !first.isEmpty, !second.isEmpty else { throw Problem("it multiplies a scalar") }
    let a = first.count == 1 ? [1] + first : first
    let b = second.count == 1 ? second + [1] : second
    (rows, inner, columns) = (a[a.count - 2], a[a.count - 1], b[b.count - 1])
    guard b[b.count - 2] == inner else { throw Problem("\(first) and \(second) cannot be multiplied") }
    let (outerA, outerB) = (Array(a.dropLast(2)), Array(b.dropLast(2)))
    let outer = try Strides.broadcast([outerA, outerB])
    var target = outer
    if first.count > 1 { target.append(rows) }
    if second.count > 1 { target.append(columns) }
    self.target = target
    _ = try call.count(target)
    try call.work(target.reduce(1, *), inner)
    let sizes = (rows * inner, inner * columns)
    starts = zip(
      Strides.places(outer, Strides.broadcasting(outerA, to: outer)),
      Strides.places(outer, Strides.broadcasting(outerB, to: outer))
    ).map { ($0 * sizes.0, $1 * sizes.1) }
  }

  func product(_ a: ONNXTensor, _ b: ONNXTensor) throws -> ONNXTensor {
    switch a.type {
    case .string, .bool: throw Problem("it does not multiply elements of type \(a.type.name)")
    case .float32: return ONNXTensor(floats(a.elements(of: Float.self), b.elements(of: Float.self)), target)
    case let type where type.isInteger: return .make(type, wholes: wholes(a.wholes, b.wholes), target)
    case let type: return .make(type, numbers: floats(a.numbers, b.numbers), target)
    }
  }

  /// Sums are kept as doubles.
  func floats<T: BinaryFloatingPoint>(_ a: [T], _ b: [T]) -> [T] {
    var result: [T] = []
    result.reserveCapacity(starts.count * rows * columns)
    var sums = Array(repeating: 0.0, count: columns)
    for start in starts {
      for row in 0..<rows {
        for column in 0..<columns { sums[column] = 0 }
        for index in 0..<inner {
          let factor = Double(a[start.first + row * inner + index])
          let place = start.second + index * columns
          for column in 0..<columns { sums[column] += factor * Double(b[place + column]) }
        }
        for column in 0..<columns { result.append(T(sums[column])) }
      }
    }
    return result
  }

  func wholes(_ a: [Int64], _ b: [Int64]) -> [Int64] {
    var result: [Int64] = []
    for start in starts {
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = 0 as Int64
          for index in 0..<inner {
            sum = sum &+ a[start.first + row * inner + index] &* b[start.second + index * columns + column]
          }
          result.append(sum)
        }
      }
    }
    return result
  }
}
