import Foundation

// What looks at all elements of a sequence at once.
extension ONNXOperators {
  static let attention: [ONNXOperator] = [
    .several("Attention", attend),
    .one("RotaryEmbedding", rotated),
  ]

  /// `[batch, heads, length, size]`, of that or of `[batch, length, heads * size]`.
  private static func heads(_ tensor: ONNXTensor, _ count: Int?) throws -> ONNXTensor {
    if tensor.rank == 4 { return tensor }
    guard tensor.rank == 3, let count, count > 0, tensor.dimensions[2] % count == 0 else {
      throw Problem("\(tensor.dimensions) cannot be cut into \(count ?? 0) heads")
    }
    let d = tensor.dimensions
    return tensor.reshaped([d[0], d[1], count, d[2] / count]).transposed([0, 2, 1, 3])
  }

  private static func attend(_ call: ONNXCall) throws -> [ONNXTensor] {
    let given = try call.tensor(0)
    let (queryHeads, keyHeads) = (try call.int("q_num_heads"), try call.int("kv_num_heads"))
    let query = try heads(given, queryHeads)
    var (key, value) = (try heads(try call.tensor(1), keyHeads), try heads(try call.tensor(2), keyHeads))
    var past = 0
    if let pastKey = try call.optionalTensor(4), let pastValue = try call.optionalTensor(5) {
      guard pastKey.rank == 4, pastValue.rank == 4 else { throw Problem("what is past must have four axes") }
      past = pastKey.dimensions[2]
      key = try join([pastKey, key], axis: 2, call)
      value = try join([pastValue, value], axis: 2, call)
    }
    let (q, k, v) = (query.dimensions, key.dimensions, value.dimensions)
    guard k[0] == q[0], v[0] == q[0], k[1] > 0, k[1] == v[1], q[1] % k[1] == 0, q[3] == k[3], k[2] == v[2] else {
      throw Problem("query \(q), key \(k) and value \(v) do not go together")
    }
    let (batch, headCount, rows, columns) = (q[0], q[1], q[2], k[2])
    let target = [batch, headCount, rows, columns]
    _ = try call.count(target)
    let output = [batch, headCount, rows, v[3]]
    _ = try call.count(output)
    try call.work(batch, headCount, rows, columns, q[3] + v[3])
    let bias = try Self.bias(call, target, past: past)
    let scale = try call.float("scale", default: 1 / Double(q[3]).squareRoot())
    let cap = try call.float("softcap", default: 0)
    let mode = try call.int("qk_matmul_output_mode", default: 0)
    let (a, b, c) = (query.numbers, key.numbers, value.numbers)
    var (scores, result): ([Double], [Double]) = ([], [])
    let perKey = headCount / k[1]
    for example in 0..<batch {
      for head in 0..<headCount {
        let other = example * k[1] + head / perKey
        for row in 0..<rows {
          let from = ((example * headCount + head) * rows + row) * q[3]
          let start = ((example * headCount + head) * rows + row) * columns
          let plain = (0..<columns).map { column -> Double in
            let place = (other * columns + column) * q[3]
            return (0..<q[3]).reduce(0) { $0 + a[from + $1] * b[place + $1] } * scale
          }
          let biased = plain.indices.map { plain[$0] + bias[start + $0] }
          let capped = cap > 0 ? biased.map { cap * tanh($0 / cap) } : biased
          let largest = capped.max() ?? 0
          let powers = capped.map { exp($0 - largest) }
          let sum = powers.reduce(0, +)
          let shares = powers.map { $0 / sum }
          scores += mode == 1 ? biased : mode == 2 ? capped : mode == 3 ? shares : plain
          for unit in 0..<v[3] {
            result.append(
              (0..<columns).reduce(0) { $0 + shares[$1] * c[(other * columns + $1) * v[3] + unit] })
          }
        }
      }
    }
    var attended = ONNXTensor.make(given.type, numbers: result, output)
    if given.rank == 3 { attended = attended.transposed([0, 2, 1, 3]).reshaped([batch, rows, headCount * v[3]]) }
    return [attended, key, value, .make(given.type, numbers: scores, target)]
  }

  /// What is added to each score: 0, or minus infinity where one must not look.
  private static func bias(_ call: ONNXCall, _ target: [Int], past: Int) throws -> [Double] {
    var bias = Array(repeating: 0.0, count: target.reduce(1, *))
    let (rows, columns) = (target[2], target[3])
    if let mask = try call.optionalTensor(3) {
      guard let width = mask.dimensions.last, width <= columns else {
        throw Problem("a mask of \(mask.dimensions) for scores of \(target)")
      }
      var numbers = mask.type == .bool ? mask.elements(of: Bool.self).map { $0 ? 0 : -Double.infinity } : mask.numbers
      var dimensions = mask.dimensions
      if width < columns {
        // What the mask does not reach must not be looked at.
        let filler = Array(repeating: -Double.infinity, count: columns - width)
        var filled: [Double] = []
        for row in 0..<(width == 0 ? 0 : numbers.count / width) {
          filled += numbers[row * width..<(row + 1) * width]
          filled += filler
        }
        numbers = filled
        dimensions[dimensions.count - 1] = columns
      }
      guard try Strides.broadcast([dimensions, target]) == target, numbers.count == dimensions.reduce(1, *) else {
        throw Problem("a mask of \(mask.dimensions) for scores of \(target)")
      }
      bias = ONNXTensor(numbers, dimensions).broadcast(to: target).numbers
    }
    if try call.flag("is_causal") {
      for place in bias.indices where place % columns - past > place / columns % rows { bias[place] = -.infinity }
    }
    if call.isGiven(6) {
      let lengths = try call.tensor(6).wholes
      guard lengths.count == target[0] else { throw Problem("\(lengths.count) lengths for \(target[0]) sequences") }
      let size = target[1] * rows * columns
      for place in bias.indices where Int64(place % columns) >= lengths[place / size] { bias[place] = -.infinity }
    }
    return bias
  }

  private static func rotated(_ call: ONNXCall) throws -> ONNXTensor {
    let given = try call.tensor(0)
    let count = try call.int("num_heads", default: 0)
    let input = try heads(given, given.rank == 3 ? count : nil)
    let d = input.dimensions
    let chosen = try call.int("rotary_embedding_dim", default: 0)
    let width = chosen == 0 ? d[3] : chosen
    guard width > 0, width % 2 == 0, width <= d[3] else { throw Problem("\(width) of \(d[3]) elements are rotated") }
    let half = width / 2
    let isInterleaved = try call.flag("interleaved")
    var (cosines, sines) = (try call.tensor(1), try call.tensor(2))
    if call.isGiven(3) {
      let positions = try call.tensor(3)
      guard cosines.rank == 2, sines.dimensions == cosines.dimensions, positions.dimensions == [d[0], d[2]] else {
        throw Problem("positions of \(positions.dimensions) in tables of \(cosines.dimensions)")
      }
      let places = try Places.wrapped(positions.wholes, extent: cosines.dimensions[0])
      cosines = try .gathering(cosines, places, axis: 0, positions.dimensions, call)
      sines = try .gathering(sines, places, axis: 0, positions.dimensions, call)
    }
    guard cosines.dimensions == [d[0], d[2], half], sines.dimensions == cosines.dimensions else {
      throw Problem("tables of \(cosines.dimensions) and \(sines.dimensions) for \(d), of which \(width) are rotated")
    }
    let (numbers, cosine, sine) = (input.numbers, cosines.numbers, sines.numbers)
    var result = numbers
    for row in 0..<(d[3] == 0 ? 0 : numbers.count / d[3]) {
      let (example, position) = (row / (d[1] * d[2]), row % d[2])
      for index in 0..<half {
        let first = row * d[3] + (isInterleaved ? 2 * index : index)
        let second = first + (isInterleaved ? 1 : half)
        let place = (example * d[2] + position) * half + index
        result[first] = cosine[place] * numbers[first] - sine[place] * numbers[second]
        result[second] = sine[place] * numbers[first] + cosine[place] * numbers[second]
      }
    }
    let rotated = ONNXTensor.make(given.type, numbers: result, d)
    return given.rank == 4 ? rotated : rotated.transposed([0, 2, 1, 3]).reshaped(given.dimensions)
  }
}
