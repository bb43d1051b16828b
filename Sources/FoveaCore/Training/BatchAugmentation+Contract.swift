extension BatchAugmentation {
  public static var noun: String { Sort.batchAugmentations.noun }

  /// A batch augmentation leaves a batch its shape, gives finite values and shares that sum to 1, and draws all chance from the
  /// generator that it is given.
  public func checkContract(_ report: inout ContractReport) {
    for kind in TargetKind.allCases where Self.targets.contains(kind) {
      for count in [1, 2, 7] {
        report.check("\(count.counted("example")) with \(kind)") { try checkBatch(kind, count) }
      }
    }
  }

  private func checkBatch(_ kind: TargetKind, _ count: Int) throws -> String {
    let (classes, shape) = (3, Shape([count, 2, 5, 4]))
    var random = SeededRandom(seed: 11)
    let inputs = Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    guard let targets = Targets.random(kind, count: count, classes: classes, using: &random),
      let batch = MixedBatch(Tensors(inputs), OneOrMore(targets), classes: [classes])
    else { throw Breach("\(kind) cannot be mixed") }
    func result() -> MixedBatch {
      var (changed, random) = (batch, SeededRandom(seed: 5))
      apply(to: &changed, using: &random)
      return changed
    }
    let changed = result()
    guard changed.inputs == result().inputs, changed.targets == result().targets else {
      throw Breach("the same chance gives another batch")
    }
    guard changed.inputs.head.shape == shape, changed.targets.head.count == count else {
      throw Breach("it makes \(changed.inputs.head.shape) of \(shape)")
    }
    guard changed.inputs.head.elements.allSatisfy(\.isFinite) else { throw Breach("a value is not finite") }
    switch changed.targets.head {
    case .shares(let rows):
      for row in 0..<rows.count {
        let sum = rows[row].reduce(0, +)
        guard rows[row].allSatisfy({ (0...1.00001).contains($0) }), abs(sum - 1) < 1e-4 else {
          throw Breach("the shares of example \(row) are \(Array(rows[row]))")
        }
      }
    case .labels(let rows), .numbers(let rows):
      guard rows.values.allSatisfy(\.isFinite) else { throw Breach("a target is not finite") }
    default: throw Breach("it makes \(changed.targets.head.kind) of \(kind)")
    }
    return ""
  }
}
