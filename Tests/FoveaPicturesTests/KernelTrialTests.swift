import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPictures
import FoveaPipeline
import Testing

@Suite struct KernelTrialTests {
  private static let registry: Registry = {
    var registry = Registry()
    try? BuiltinLayers.register(in: &registry)
    return registry
  }()

  private func run(
    _ input: String, kernel: String? = nil, divisor: Float = 1, _ settings: [String: ConfigurationValue] = [:],
    bias: Float = 0, behind: [KindDescription] = []
  ) throws -> [KernelTrial.Stage] {
    let trial = try KernelTrial(
      kernel: kernel.map { try NumberMatrix(text: $0) }, divisor: divisor, convolution: settings, bias: bias,
      behind: behind)
    return try trial.run(NumberMatrix(text: input), registry: Self.registry)
  }

  private static let picture = "[[1,1,1,0,0],[0,1,1,1,0],[0,0,1,1,1],[0,0,1,1,0],[0,1,1,0,0]]"
  private static let cross = "[[1,0,1],[0,1,0],[1,0,1]]"

  /// By hand: each number is the sum of five of the nine pixels under the kernel.
  @Test func theNumbersAreThoseOfTutorials() throws {
    let stages = try run(Self.picture, kernel: Self.cross)
    #expect(stages.map(\.name) == ["input", "convolution"])
    #expect(stages[1].matrix.rows == [[4, 3, 4], [2, 4, 3], [2, 3, 4]])
  }

  @Test func poolingsTakeWindows() throws {
    let numbers = "[[1,1,2,4],[5,6,7,8],[3,2,1,0],[1,2,3,4]]"
    func pooled(_ kind: String) throws -> [[Float]]? {
      try run(numbers, behind: [KindDescription(kind: kind, configuration: ["window": 2])]).last?.matrix.rows
    }
    #expect(try pooled("maximumPooling") == [[6, 8], [3, 4]])
    #expect(try pooled("minimumPooling") == [[1, 2], [1, 0]])
    #expect(try pooled("averagePooling") == [[3.25, 5.25], [2, 2]])
  }

  @Test func theKernelIsNotTurnedAround() throws {
    #expect(try run("[[0,0,1]]", kernel: "[1,2,3]").last?.matrix.rows == [[3]])
  }

  @Test func settingsAreThoseOfTheLayer() throws {
    let all = try run(
      "[[1,2,3],[4,5,6],[7,8,9]]", kernel: "[[1,1],[1,1]]", divisor: 4, ["padding": "same", "stride": 2], bias: -5,
      behind: [KindDescription(kind: "relu")])
    #expect(all.map(\.name) == ["input", "convolution", "relu"])
    // The windows at the right and below see zeros.
    #expect(all[1].matrix.rows == [[-2, -2.75], [-1.25, -2.75]])
    #expect(all[2].matrix.rows == [[0, 0], [0, 0]])
    #expect(try run("[[1,2,3,4,5]]", kernel: "[[1,1]]", ["dilation": 2]).last?.matrix.rows == [[4, 6, 8]])
  }

  @Test func whatDoesNotFitIsTold() throws {
    #expect(throws: ModelError.self) { try run("[[1,2]]", kernel: Self.cross) }
    let word = #expect(throws: ModelError.self) { try run(Self.picture, kernel: Self.cross, ["padding": "sme"]) }
    #expect(word?.description.contains("did you mean 'same'?") == true)
  }

  @Test(arguments: [
    ("[[1,2],[3]]", "row 2 has 1"), ("[]", "no number"), ("[[]]", "no number"), ("[[1,x]]", "column 2 of row 1"),
    ("1 2 3", "a list of rows"), ("{a: 1}", "a list of rows"), ("[[1,2", "2 opening brackets"),
    ("[[1,[2]]]", "column 2 of row 1"),
    ("[[1],2]", "a list of rows"), ("[[1e39]]", "no finite number"),
  ]) func whatIsNoMatrixIsTold(_ text: String, _ words: String) {
    let error = #expect(throws: NumberMatrixError.self) { try NumberMatrix(text: text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func aRowAloneIsAMatrix() throws {
    #expect(try NumberMatrix(text: "[1, -2.5, 3]").rows == [[1, -2.5, 3]])
  }

  @Test func theResultIsAPictureFromBlackToWhite() throws {
    let stage = try #require(try run("[[0,1],[2,3]]", behind: [KindDescription(kind: "relu")]).last)
    let picture = try stage.picture()
    // Each number is a square that can be seen.
    #expect(picture.width == 128 && picture.height == 128)
    let gray = try picture.gray().floats
    #expect([0, 127, 127 * 128, 128 * 128 - 1].map { gray[$0].rounded() } == [0, 85, 170, 255])
  }

  @Test func aSheetShowsEachStep() throws {
    let stages = try run(Self.picture, kernel: Self.cross)
    let trial = try KernelTrial(kernel: NumberMatrix(text: Self.cross))
    let sheet = try trial.sheet(stages, facts: "stride 1")
    // Three matrices of 30 pixels a number, side by side.
    #expect(sheet.width > 11 * 30 && sheet.height > 5 * 30)
  }
}
