// Sums of products over named axes.
extension ONNXOperators {
  static let einsums: [ONNXOperator] = [
    .one("Einsum") { call in
      let tensors = try call.tensors()
      let equation = try call.text("equation", default: "").filter { $0 != " " }
      let sides = equation.split(separator: ">", omittingEmptySubsequences: false)
      let hasTarget = sides.count == 2 && sides[0].hasSuffix("-")
      guard sides.count == 1 || hasTarget else { throw Problem("there is no equation '\(equation)'") }
      let left = hasTarget ? sides[0].dropLast() : sides[0]
      let terms = left.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard terms.count == tensors.count else {
        throw Problem("equation '\(equation)' has \(terms.count) terms for \(tensors.count) inputs")
      }
      // Axes behind an ellipsis are named by numbers, from the last one on.
      let hidden = try zip(terms, tensors).map { term, tensor -> Int in
        guard term.contains("...") else { return 0 }
        let count = tensor.rank - (term.count - 3)
        guard count >= 0 else { throw Problem("'\(term)' does not go with \(tensor.dimensions)") }
        return count
      }
      let most = hidden.max() ?? 0
      func labels(_ term: String, _ count: Int) -> [String] {
        var result: [String] = []
        var rest = Substring(term)
        while let character = rest.first {
          if rest.hasPrefix("...") {
            result += (0..<count).map { "\(most - count + $0)" }
            rest = rest.dropFirst(3)
          } else {
            result.append(String(character))
            rest = rest.dropFirst()
          }
        }
        return result
      }
      var extents: [String: Int] = [:]
      let named = try zip(zip(terms, hidden), tensors).map { term, tensor -> [String] in
        let names = labels(term.0, term.1)
        guard names.count == tensor.rank else { throw Problem("'\(term.0)' does not go with \(tensor.dimensions)") }
        for (name, extent) in zip(names, tensor.dimensions) {
          let known = extents[name] ?? 1
          guard known == extent || known == 1 || extent == 1 else {
            throw Problem("axis '\(name)' is \(known) here and \(extent) there")
          }
          if extent != 1 || extents[name] == nil { extents[name] = extent }
        }
        return names
      }
      let target: [String]
      if hasTarget {
        target = labels(String(sides[1]), most)
      } else {
        let all = named.flatMap { $0 }
        let single = Set(all).filter { name in all.count { $0 == name } == 1 && Int(name) == nil }.sorted()
        target = (0..<most).map { "\($0)" } + single
      }
      guard target.allSatisfy({ extents[$0] != nil }), Set(target).count == target.count else {
        throw Problem("there is no equation '\(equation)'")
      }
      let summed = Set(extents.keys).subtracting(target).sorted()
      let order = target + summed
      let dimensions = order.map { extents[$0] ?? 1 }
      let outer = try call.count(Array(dimensions[..<target.count]))
      _ = try call.count(dimensions)
      let inner = dimensions[target.count...].reduce(1, *)
      let walks = zip(named, tensors).map { names, tensor -> [Int] in
        let plain = Strides.plain(tensor.dimensions)
        let strides = order.map { name in
          names.indices.filter { names[$0] == name && tensor.dimensions[$0] > 1 }.reduce(0) { $0 + plain[$1] }
        }
        return Strides.places(dimensions, strides)
      }
      let type = tensors[0].type
      let shape = Array(dimensions[..<target.count])
      if type.isInteger {
        let factors = tensors.map(\.wholes)
        let sums = (0..<outer).map { row in
          (row * inner..<(row + 1) * inner).reduce(0 as Int64) { sum, place in
            sum &+ factors.indices.reduce(1) { $0 &* factors[$1][walks[$1][place]] }
          }
        }
        return .make(type, wholes: sums, shape)
      }
      let factors = tensors.map(\.numbers)
      let sums = (0..<outer).map { row in
        (row * inner..<(row + 1) * inner).reduce(0.0) { sum, place in
          sum + factors.indices.reduce(1) { $0 * factors[$1][walks[$1][place]] }
        }
      }
      return .make(type, numbers: sums, shape)
    }
  ]
}
