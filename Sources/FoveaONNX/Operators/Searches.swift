// Which elements are the largest, not zero, or there at all.
extension ONNXOperators {
  static let searches: [ONNXOperator] = [
    .several("TopK", topK),
    .one("NonZero") { call in
      let input = try call.tensor(0)
      let isText = input.type == .string
      let found = (isText ? input.strings.map { $0.isEmpty ? 0.0 : 1 } : input.numbers).enumerated()
        .filter { $0.element != 0 }.map(\.offset)
      let strides = Strides.plain(input.dimensions)
      let coordinates = input.dimensions.indices.flatMap { axis in
        found.map { Int64($0 / strides[axis] % input.dimensions[axis]) }
      }
      return ONNXTensor(coordinates, [input.rank, found.count])
    },
    .several("Unique", unique),
  ]

  private static func topK(_ call: ONNXCall) throws -> [ONNXTensor] {
    let input = try call.tensor(0)
    let axis = try call.axis(call.int("axis", default: -1), rank: input.rank)
    let k = call.isGiven(1) ? try call.int(at: 1) : try call.int("k", default: 0)
    guard k >= 0, k <= input.dimensions[axis] else {
      throw Problem("\(k) of the \(input.dimensions[axis]) elements along axis \(axis) are asked for")
    }
    let isLargest = try call.flag("largest", default: true)
    let isWhole = input.type.isInteger
    let (numbers, wholes) = (isWhole ? [] : input.numbers, isWhole ? input.wholes : [])
    let isUnsigned = input.type == .uint64
    let groups = Groups(input.dimensions, axes: [axis])
    var target = input.dimensions
    target[axis] = k
    let inner = target[(axis + 1)...].reduce(1, *)
    var places = Array(repeating: 0, count: target.reduce(1, *))
    var indices = Array(repeating: 0 as Int64, count: places.count)
    var group = 0
    groups.each { row in
      func isBefore(_ a: Int, _ b: Int) -> Bool {
        if isWhole {
          let (x, y) = (wholes[row[a]], wholes[row[b]])
          if x != y {
            let isLess = isUnsigned ? UInt64(bitPattern: x) < UInt64(bitPattern: y) : x < y
            return isLess != isLargest
          }
        } else {
          let (x, y) = (numbers[row[a]], numbers[row[b]])
          // What is no number counts as the largest.
          if x.isNaN != y.isNaN { return x.isNaN == isLargest }
          if x != y && !x.isNaN { return isLargest ? x > y : x < y }
        }
        return a < b
      }
      let order = row.indices.sorted(by: isBefore)
      for rank in 0..<k {
        let place = (group / inner * k + rank) * inner + group % inner
        places[place] = row[order[rank]]
        indices[place] = Int64(order[rank])
      }
      group += 1
    }
    return [input.picking(places, target), ONNXTensor(indices, target)]
  }

  private static func unique(_ call: ONNXCall) throws -> [ONNXTensor] {
    let given = try call.tensor(0)
    let axis = try call.int("axis").map { try call.axis($0, rank: given.rank) }
    let input = axis == nil ? given.reshaped([given.count]) : given
    let along = axis ?? 0
    let others = input.dimensions.indices.filter { $0 != along }
    let strides = Strides.plain(input.dimensions)
    let steps = Strides.places(others.map { input.dimensions[$0] }, others.map { strides[$0] })
    let isText = input.type == .string
    let (numbers, strings) = (isText ? [] : input.numbers, input.strings)
    func key(_ index: Int) -> Key {
      let places = steps.map { index * strides[along] + $0 }
      return isText
        ? Key(numbers: [], strings: places.map { strings[$0] }) : Key(numbers: places.map { numbers[$0] }, strings: [])
    }
    var (firsts, counts, slots): ([Int], [Int64], [Key: Int]) = ([], [], [:])
    var keys: [Key] = []
    var inverse: [Int] = []
    for index in 0..<input.dimensions[along] {
      let key = key(index)
      let slot = slots[key] ?? firsts.count
      if slot == firsts.count {
        slots[key] = slot
        firsts.append(index)
        counts.append(0)
        keys.append(key)
      }
      counts[slot] += 1
      inverse.append(slot)
    }
    let isSorted = try call.flag("sorted", default: true)
    let order = isSorted ? keys.indices.sorted { keys[$0] < keys[$1] } : Array(keys.indices)
    var rank = Array(repeating: 0, count: order.count)
    for (position, slot) in order.enumerated() { rank[slot] = position }
    let picked = try ONNXTensor.gathering(input, order.map { firsts[$0] }, axis: along, [order.count], call)
    return [
      picked,
      ONNXTensor(order.map { Int64(firsts[$0]) }, [order.count]),
      ONNXTensor(inverse.map { Int64(rank[$0]) }, [inverse.count]),
      ONNXTensor(order.map { counts[$0] }, [order.count]),
    ]
  }

  private struct Key: Hashable, Comparable {
    let numbers: [Double]
    let strings: [String]

    static func < (left: Key, right: Key) -> Bool {
      left.numbers.lexicographicallyPrecedes(right.numbers)
        || (left.numbers == right.numbers && left.strings.lexicographicallyPrecedes(right.strings))
    }
  }
}
