/// Numbers that belong together, directly or through others.
struct Groups {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func find(_ number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (find(a), find(b))
    // The least number leads, so that groups come in the order of their first.
    if a != b { parents[max(a, b)] = min(a, b) }
  }

  /// Those of two and more.
  mutating func all() -> [[Int]] {
    var members: [Int: [Int]] = [:]
    for number in parents.indices { members[find(number), default: []].append(number) }
    return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }
}
