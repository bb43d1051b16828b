import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct MeasureCheckTests {
  private func survey(_ images: [Image], targets: [Int]? = nil) throws -> DataSurvey {
    let data = try ArrayDataset(images, targets: targets ?? Array(repeating: 0, count: images.count))
    return DataSurvey([.init(Dataset(data))], on: WorkerPool(count: 1))
  }

  /// Strokes on black, as digits are: most of them have little information, and that is no fault.
  private func digit(_ seed: UInt64) throws -> Image {
    var random = SeededRandom(seed: seed)
    func number(_ range: Range<Int>) -> Int { range.lowerBound + Int(random.next() % UInt64(range.count)) }
    var bytes = [UInt8](repeating: 0, count: 28 * 28)
    let (start, width) = (number(9..<12), number(3..<5))
    for row in number(2..<8)..<number(20..<27) {
      for column in start..<start + width { bytes[row * 28 + column] = UInt8(number(40..<256)) }
    }
    return try Image(width: 28, height: 28, channels: 1, pixels: .bytes(bytes))
  }

  @Test func takesFencesWhereAThresholdIsForOtherPictures() throws {
    let blank = try Image(width: 28, height: 28, channels: 1, pixels: .bytes(Array(repeating: 0, count: 784)))
    let report = try LowInformation().report(on: survey((0..<40).map { try digit($0) } + [blank]))
    #expect(report.findings.map(\.pictures) == [[40]])
    #expect(report.remark?.contains("more than half") == true)
    var strict = LowInformation()
    strict.threshold = 0.01
    #expect(try strict.report(on: survey((0..<40).map { try digit($0) } + [blank])).remark == nil)
  }

  @Test func fencesAreTukeys() {
    // numpy.percentile: quartiles 3.25 and 14, median 6.
    let fences = Fences([1, 2, 4, 8, 16, 32, 64, 3, 5, 7])
    #expect((fences.lower, fences.median, fences.upper) == (-29, 6, 46.25))
  }

  @Test func findsNoCopiesAmongPicturesThatAllLookAlike() throws {
    let report = try NearDuplicates().report(on: survey((0..<120).map { try digit($0) }))
    #expect(report.remark?.contains("look alike, as is usual here") == true)
    #expect(report.findings.isEmpty)
  }

  @Test func settingsAreThresholds() throws {
    var registry = Registry()
    try BuiltinChecks.register(in: &registry)
    let check = try registry.makeCheck(KindDescription(kind: "blurry", configuration: ["threshold": 80]))
    #expect((check as? Blurry)?.threshold == 80)
    let typo = #expect(throws: KindError.self) {
      try registry.makeCheck(KindDescription(kind: "blurry", configuration: ["treshold": 80]))
    }
    #expect(typo?.description.contains("threshold") == true)
    for (kind, key, value) in [
      ("nearDuplicates", "distance", 40), ("oddSizes", "factor", 1), ("colorSpaces", "share", 2),
      ("dark", "threshold", .number(.infinity)),
    ] as [(String, String, ConfigurationValue)] {
      let error = #expect(throws: KindError.self) {
        try registry.makeCheck(KindDescription(kind: kind, configuration: [key: value]))
      }
      #expect(error?.description.contains("'\(key)' must be ") == true)
    }
  }

  @Test func opensWhateverHoldsPictures() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(10, to: "a.png")
    try folder.writePicture(20, to: "b.png")
    let loose = try DataSurvey.open(folder.path)
    #expect(loose.map(\.dataset.count) == [2] && loose[0].dataset.labels.count == 1)
    let digits = try TemporaryFolder()
    try digits.writeDigits(count: 30)
    try digits.writeDigits(count: 12, prefix: "t10k")
    #expect(try DataSurvey.open(digits.path).map(\.name) == ["training", "test"])
    let survey = DataSurvey(try DataSurvey.open(digits.path), on: WorkerPool(count: 1))
    #expect(survey.pictures.count == 42 && survey.classCounts(part: 1)[0] == 2)
    #expect(throws: DataError.self) { try DataSurvey.open(folder.path + "/none") }
  }
}
