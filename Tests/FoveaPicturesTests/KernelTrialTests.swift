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
      kernel: kernel.map { try NumberPlanes(text: $0) }, divisor: divisor, convolution: settings, bias: bias,
      behind: behind)
    return try trial.run(NumberPlanes(text: input), registry: Self.registry)
  }

  private static let picture = "[[1,1,1,0,0],[0,1,1,1,0],[0,0,1,1,1],[0,0,1,1,0],[0,1,1,0,0]]"
  private static let cross = "[[1,0,1],[0,1,0],[1,0,1]]"

  /// By hand: each number is the sum of five of the nine pixels under the kernel.
  @Test func theNumbersAreThoseOfTutorials() throws {
    let stages = try run(Self.picture, kernel: Self.cross)
    #expect(stages.map(\.name) == ["input", "convolution"])
    #expect(stages[1].rows == [[4, 3, 4], [2, 4, 3], [2, 3, 4]])
  }

  @Test func poolingsTakeWindows() throws {
    let numbers = "[[1,1,2,4],[5,6,7,8],[3,2,1,0],[1,2,3,4]]"
    func pooled(_ kind: String) throws -> [[Float]]? {
      try run(numbers, behind: [KindDescription(kind: kind, configuration: ["window": 2])]).last?.rows
    }
    #expect(try pooled("maximumPooling") == [[6, 8], [3, 4]])
    #expect(try pooled("minimumPooling") == [[1, 2], [1, 0]])
    #expect(try pooled("averagePooling") == [[3.25, 5.25], [2, 2]])
  }

  @Test func theKernelIsNotTurnedAround() throws {
    #expect(try run("[[0,0,1]]", kernel: "[1,2,3]").last?.rows == [[3]])
  }

  @Test func settingsAreThoseOfTheLayer() throws {
    let all = try run(
      "[[1,2,3],[4,5,6],[7,8,9]]", kernel: "[[1,1],[1,1]]", divisor: 4, ["padding": "same", "stride": 2], bias: -5,
      behind: [KindDescription(kind: "relu")])
    #expect(all.map(\.name) == ["input", "convolution", "relu"])
    // The windows at the right and below see zeros.
    #expect(all[1].rows == [[-2, -2.75], [-1.25, -2.75]])
    #expect(all[2].rows == [[0, 0], [0, 0]])
    #expect(try run("[[1,2,3,4,5]]", kernel: "[[1,1]]", ["dilation": 2]).last?.rows == [[4, 6, 8]])
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
    let trial = try KernelTrial(kernel: NumberPlanes(text: Self.cross))
    let sheet = try trial.sheet(stages, facts: "stride 1")
    // Three matrices of 30 pixels a number, side by side.
    #expect(sheet.width > 11 * 30 && sheet.height > 5 * 30)
  }

  /// By hand: the middle of three channels is taken twice, and the last one subtracted.
  @Test func aKernelOfSeveralMatricesReadsAsManyChannels() throws {
    let input = "[[[1,2],[3,4]],[[5,6],[7,8]],[[9,10],[11,12]]]"
    let stages = try run(input, kernel: "[[[1]],[[2]],[[-1]]]")
    #expect(
      stages[0].planes.matrices.map(\.rows) == [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]])
    #expect(stages[1].rows == [[2, 4], [6, 8]])
    // 1 + 4 − 18 + 8 · 2, the lower right, as a kernel of 2×2 has it.
    let corners = "[[[1,0],[0,0]],[[0,0],[0,2]],[[-2,0],[0,0]]]"
    #expect(try run(input, kernel: corners).last?.rows == [[-1]])
    // A pooling takes each channel by itself.
    let pooled = try run(input, behind: [KindDescription(kind: "maximumPooling", configuration: ["window": 2])])
    #expect(pooled.last?.planes.matrices.map(\.rows) == [[[4]], [[8]], [[12]]])
    let error = #expect(throws: NumberMatrixError.self) { try run("[[1,2],[3,4]]", kernel: "[[[1]],[[2]],[[-1]]]") }
    #expect(error?.description == "the kernel has 3 matrices, one for each channel, but the input has 1 channel")
  }

  @Test func flatteningPutsChannelsOneAfterTheOther() throws {
    let stages = try run("[[[1,2],[3,4]],[[5,6],[7,8]]]", behind: [KindDescription(kind: "flatten")])
    #expect(stages.last?.rows == [[1, 2, 3, 4, 5, 6, 7, 8]])
  }

  @Test(arguments: [
    ("[[[1,2]],[[3]]]", "matrix 2 is 1×1"), ("[[[1],[2,3]]]", "matrix 1: all rows"), ("[[[1]],[]]", "must be a number"),
  ]) func whatAreNoMatricesIsTold(_ text: String, _ words: String) {
    let error = #expect(throws: NumberMatrixError.self) { try NumberPlanes(text: text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func aPictureHasRedGreenAndBlue() throws {
    let image = try Image(width: 2, height: 1, channels: 3, pixels: .bytes([255, 0, 51, 0, 102, 0]))
    let planes = try NumberPlanes(image)
    #expect(planes.isColor && planes.matrices.map(\.rows) == [[[1, 0]], [[0, 0.4]], [[0.2, 0]]])
  }

  @Test func aPictureOfNumbersHasRoomForAll() throws {
    let planes = try NumberPlanes(text: "[[0,0.5],[1,0.2]]")
    let sheet = try NumberPicture(planes, scale: 255).sheet()
    #expect(sheet.width >= 60 && sheet.height >= 60)
    let wide = try NumberPlanes(NumberMatrix([[Float](repeating: 1, count: 65)]))
    #expect(throws: NumberMatrixError.self) { try NumberPicture(wide, scale: nil) }
  }
}

extension KernelTrial.Stage {
  /// Of the first channel.
  var rows: [[Float]] { planes.matrices[0].rows }
}
