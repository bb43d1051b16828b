import FoveaCore
import FoveaImage
import Testing

@testable import FoveaPictures

@Suite struct ClipAnimationTests {
  private static func picture(_ gray: UInt8, width: Int = 20, height: Int = 10) throws -> Image {
    try Image(
      width: width, height: height, channels: 3, pixels: .bytes(Array(repeating: gray, count: 3 * width * height)))
  }

  /// Of each frame: how long it is shown, in milliseconds. PNG specification, section 11.3.6.2.
  private static func delays(_ file: [UInt8]) -> [Int] {
    var (place, delays): (Int, [Int]) = (8, [])
    func number(_ place: Int, _ bytes: Int) -> Int { file[place..<place + bytes].reduce(0) { $0 << 8 | Int($1) } }
    while place + 12 <= file.count {
      if Array(file[place + 4..<place + 8]) == Array("fcTL".utf8) {
        delays.append(number(place + 28, 2) * 1000 / number(place + 30, 2))
      }
      place += 12 + number(place, 4)
    }
    return delays
  }

  @Test func framesLastUntilTheNextOne() throws {
    var clip = ClipAnimation(stem: "clip")
    for (gray, seconds) in [(10, 0), (20, 0.25), (30, 1.25), (40, 1.5)] as [(UInt8, Double)] {
      #expect(clip.name == "clip.png")
      try clip.add(Self.picture(gray), seconds: seconds)
    }
    try clip.finish()
    let files = clip.takeFinished()
    #expect(files.map(\.name) == ["clip.png"] && clip.takeFinished().isEmpty)
    #expect(Self.delays(files[0].bytes) == [250, 1000, 250, 250])
  }

  @Test func framesWithoutTimeLastATenthOfASecond() throws {
    var clip = ClipAnimation(stem: "clip")
    for gray: UInt8 in [10, 20, 30] { try clip.add(Self.picture(gray), seconds: nil) }
    try clip.finish()
    #expect(Self.delays(clip.takeFinished()[0].bytes) == [100, 100, 100])
  }

  /// Nothing is lost, and nothing that is finished is held.
  @Test func aLongClipGoesOnInOtherFiles() throws {
    var clip = ClipAnimation(stem: "clip", mostBytes: 1)
    var files: [(name: String, bytes: [UInt8])] = []
    for gray: UInt8 in 0..<7 {
      try clip.add(Self.picture(gray), seconds: Double(gray))
      files += clip.takeFinished()
    }
    #expect(files.count > 1)
    try clip.finish()
    files += clip.takeFinished()
    #expect(files.map(\.name) == ["clip.png"] + (2...files.count).map { "clip-\($0).png" })
    #expect(files.flatMap { Self.delays($0.bytes) } == Array(repeating: 1000, count: 7))
  }

  @Test func framesOfOtherSizesAreCutOrGetWhite() throws {
    var clip = ClipAnimation(stem: "clip")
    try clip.add(Self.picture(10), seconds: nil)
    try clip.add(Self.picture(20, width: 30, height: 5), seconds: nil)
    try clip.finish()
    let file = clip.takeFinished()[0].bytes
    let first = try ImageDecoder().decode(file)
    #expect(first.size == ImageSize(width: 20, height: 10) && Self.delays(file).count == 2)
  }
}
