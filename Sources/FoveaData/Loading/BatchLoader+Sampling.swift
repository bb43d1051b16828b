import FoveaCore

extension BatchLoader {
  /// Which examples an epoch has.
  public enum Sampling: String, Sendable, Codable, CaseIterable {
    /// Each once.
    case shuffled
    /// As many as there are, but each class as often as every other: examples of rare classes come several times.
    case balanced
  }

  /// - Returns: nil where the examples have no classes.
  func balancedOrder(using random: inout SeededRandom) -> [UInt32]? {
    guard let classes = dataset.targets.classes else { return nil }
    var members = [[UInt32]](repeating: [], count: dataset.labels.count)
    for (example, number) in classes.enumerated() { members[number].append(UInt32(example)) }
    members.removeAll(where: \.isEmpty)
    // What does not divide evenly goes to other classes in each epoch.
    SeededOrder.shuffle(&members, using: &random)
    var order: [UInt32] = []
    order.reserveCapacity(classes.count)
    for number in members.indices {
      var missing = classes.count / members.count + (number < classes.count % members.count ? 1 : 0)
      while missing > 0 {
        SeededOrder.shuffle(&members[number], using: &random)
        order += members[number].prefix(missing)
        missing -= min(missing, members[number].count)
      }
    }
    return order
  }
}
