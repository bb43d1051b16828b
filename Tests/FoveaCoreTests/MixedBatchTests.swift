import FoveaCore
import Testing

@Suite struct MixedBatchTests {
  private static func batch(_ targets: Targets = [0, 1, 2]) throws -> MixedBatch {
    let inputs = Tensor((0..<3 * 1 * 2 * 2).map(Float.init), [3, 1, 2, 2])
    return try #require(MixedBatch(Tensors(inputs), OneOrMore(targets), classes: [3]))
  }

  /// x ← λ·x + (1 − λ)·x', by hand.
  @Test func blendsWithTheNextOne() throws {
    var batch = try Self.batch()
    batch.blend(keeping: [0.75, 1, 0.5])
    #expect(batch.inputs.head.elements == [1, 2, 3, 4, 4, 5, 6, 7, 4, 5, 6, 7])
    #expect(batch.targets.head == .shares(TargetRows([0.75, 0.25, 0, 0, 1, 0, 0.5, 0, 0.5], width: 3)))
    #expect(batch.targets.head.kind == .oneClass)
  }

  @Test func pastesAPart() throws {
    var batch = try Self.batch()
    batch.paste([MixedBatch.Part(x: 0.5...1, y: 0...1), nil, MixedBatch.Part(x: 0...0.5, y: 0.5...1)])
    #expect(batch.inputs.head.elements == [0, 5, 2, 7, 4, 5, 6, 7, 8, 9, 2, 11])
    #expect(batch.targets.head == .shares(TargetRows([0.5, 0.5, 0, 0, 1, 0, 0.25, 0, 0.75], width: 3)))
  }

  @Test func smoothsWhatIsRight() throws {
    var batch = try Self.batch()
    batch.smooth(by: 0.3)
    guard case .shares(let rows) = batch.targets.head else { throw Missing() }
    for (got, expected) in zip(rows[1], [0.1, 0.8, 0.1] as [Float]) { #expect(abs(got - expected) < 1e-6) }
    var labels = try Self.batch(.labels(TargetRows([1, 0, 0, 1, 1, 1], width: 2)))
    labels.smooth(by: 0.2)
    guard case .labels(let smooth) = labels.targets.head else { throw Missing() }
    for (got, expected) in zip(smooth[0], [0.9, 0.1] as [Float]) { #expect(abs(got - expected) < 1e-6) }
    var numbers = try Self.batch(.numbers(TargetRows([1, 5, 9], width: 1)))
    numbers.smooth(by: 0.2)
    numbers.blend(keeping: [0.5, 1, 1])
    #expect(numbers.targets.head == .numbers(TargetRows([3, 5, 9], width: 1)))
  }

  struct Missing: Error {}

  @Test func boxesAndStrangersAreNotMixed() {
    let inputs = Tensors(Tensor(zeros: [1, 1, 2, 2]))
    #expect(MixedBatch(inputs, OneOrMore(.boxes([[]])), classes: [3]) == nil)
    #expect(MixedBatch(inputs, OneOrMore([3]), classes: [3]) == nil)
  }

  /// Mean ½ and variance 1 / (4·(2α + 1)) of the beta distribution.
  @Test(arguments: [0.2, 1, 4]) func sharesAreOfABetaDistribution(_ alpha: Double) {
    var random = SeededRandom(seed: 2)
    let values = (0..<20_000).map { _ in random.beta(alpha) }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(values.allSatisfy { (0...1).contains($0) })
    #expect(abs(mean - 0.5) < 0.01 && abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.004)
  }
}
