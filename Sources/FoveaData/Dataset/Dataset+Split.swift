import FoveaCore

extension Dataset {
  /// Keeps a share of every class apart, chosen by `seed`; both parts keep the order of the examples.
  ///
  /// A class with two examples or more has at least one in each part. Of several labels at once, each has its share in both
  /// parts as far as that goes together. Where there are several targets, the first counts.
  ///
  /// - Parameters:
  ///   - validationFraction: the share of the second part, above 0 and below 1.
  ///   - list: examples that stay in the part that they are in; of the others, as many are kept apart as the share lacks.
  /// - Throws: ``DataError/invalidSetting(name:expected:got:)``, or ``DataError/empty(name:reason:)`` where a part
  ///   would have no example.
  public func split(
    validationFraction fraction: Double, seed: UInt64, keeping list: SplitList = SplitList()
  ) throws(DataError) -> (training: Dataset, validation: Dataset) {
    guard fraction > 0, fraction < 1 else {
      throw .invalidSetting(name: "validation split", expected: "above 0 and below 1", got: "\(fraction)")
    }
    let known = (0..<count).map { list.count == 0 ? nil : list.part(of: $0, in: self) }
    var isKeptApart = known.map { $0 == .validation }
    var reason = "there are no two examples to divide"
    switch targets {
    case .classes(let classes):
      reason = "no class has two examples to divide"
      var members = Array(repeating: [Int](), count: labels.count)
      for (index, target) in classes.enumerated() { members[target].append(index) }
      for (number, indices) in members.enumerated() {
        for index in Self.share(fraction, of: indices, known, SeededOrder.seed(seed, UInt64(number))) {
          isKeptApart[index] = true
        }
      }
    case .labels(let rows): isKeptApart = Self.stratified(rows, fraction, known, seed)
    default:
      for index in Self.share(fraction, of: Array(0..<count), known, seed) { isKeptApart[index] = true }
    }
    let validation = (0..<count).filter { isKeptApart[$0] }
    guard !validation.isEmpty, validation.count < count else {
      throw .empty(name: "the validation part of \(name)", reason: reason)
    }
    return (subset((0..<count).filter { !isKeptApart[$0] }), subset(validation))
  }

  /// So many of the examples, chosen by `seed`, in their order; all of them where there are no more.
  public func sample(_ size: Int, seed: UInt64) -> Dataset {
    guard size < count else { return self }
    var (indices, random) = (Array(0..<count), SeededRandom(seed: seed))
    SeededOrder.shuffle(&indices, using: &random)
    return subset(indices.prefix(size).sorted())
  }

  /// Those that come into the validation part beside those that are known to be in it: of all, one at least, and not all; none
  /// where there is but one.
  private static func share(
    _ fraction: Double, of members: [Int], _ known: [DatasetPart?], _ seed: UInt64
  ) -> ArraySlice<Int> {
    guard members.count > 1 else { return [] }
    var (free, random) = (members.filter { known[$0] == nil }, SeededRandom(seed: seed))
    SeededOrder.shuffle(&free, using: &random)
    let share = Int((Double(members.count) * fraction).rounded())
    let wanted = min(max(share, 1), members.count - 1)
    return free.prefix(max(0, wanted - members.count { known[$0] == .validation }))
  }

  /// Examples of the rarest label are dealt out first, each to the part that still lacks most of that label.
  ///
  /// Source: Sechidis, Tsoumakas, Vlahavas 2011, "On the stratification of multi-label data", figure 1.
  private static func stratified(
    _ rows: TargetRows<Float>, _ fraction: Double, _ known: [DatasetPart?], _ seed: UInt64
  ) -> [Bool] {
    var (order, random) = (Array(0..<rows.count), SeededRandom(seed: seed))
    SeededOrder.shuffle(&order, using: &random)
    let labels = order.map { example in rows[example].enumerated().filter { $1 > 0 }.map(\.offset) }
    var members = Array(repeating: [Int](), count: rows.width)
    for (place, labels) in labels.enumerated() { for label in labels { members[label].append(place) } }
    // Of each label, and of all examples: how many the validation part lacks, and the training part.
    let shares = [fraction, 1 - fraction]
    var lacking = members.map { members in shares.map { Double(members.count) * $0 } }
    var lackingExamples = shares.map { Double(rows.count) * $0 }
    var remaining = members.map(\.count)
    var part = [Int?](repeating: nil, count: rows.count)
    func deal(_ place: Int, by label: Int?, to own: Int? = nil) {
      let lacks = label.map { lacking[$0] } ?? lackingExamples
      let chosen = own ?? ((lacks[0], lackingExamples[0]) > (lacks[1], lackingExamples[1]) ? 0 : 1)
      part[place] = chosen
      lackingExamples[chosen] -= 1
      for label in labels[place] {
        lacking[label][chosen] -= 1
        remaining[label] -= 1
      }
    }
    for (place, example) in order.enumerated() {
      if let part = known[example] { deal(place, by: nil, to: part == .validation ? 0 : 1) }
    }
    while let rarest = remaining.indices.filter({ remaining[$0] > 0 }).min(by: { remaining[$0] < remaining[$1] }) {
      for place in members[rarest] where part[place] == nil { deal(place, by: rarest) }
    }
    for place in order.indices where part[place] == nil { deal(place, by: nil) }
    var isKeptApart = Array(repeating: false, count: rows.count)
    for (place, example) in order.enumerated() { isKeptApart[example] = part[place] == 0 }
    // One of them at least, and not all.
    if order.count > 1, Set(isKeptApart).count == 1, let free = order.first(where: { known[$0] == nil }) {
      isKeptApart[free].toggle()
    }
    return isKeptApart
  }
}
