import FoveaCore
import FoveaImage
import Testing

@Suite struct ConcurrencyTests {
  @Test func manyTasksDecodeAndWarpAlike() async throws {
    let bytes = try Fixtures.bytes("baseline.jpg")
    @Sendable func work() throws -> Image {
      try ImageDecoder().decode(bytes).resized(width: 9, height: 8).warped(by: .rotation(0.1))
    }
    let expected = try work()
    try await withThrowingTaskGroup(of: Image.self) { group in
      for _ in 0..<64 { group.addTask { try work() } }
      for try await image in group { #expect(image == expected) }
    }
  }

  @Test func threadsCanBeLimited() {
    OpenCVThreads.count = 1
    #expect(OpenCVThreads.count == 1)
    #expect(OpenCVThreads.libraryVersion.hasPrefix("4."))
  }

  /// In a process of its own, whose number nobody else changes.
  @Test func theNumberIsWhatItWasBehindAllBatches() async {
    await #expect(processExitsWith: .success) {
      OpenCVThreads.count = 3
      let before = OpenCVThreads.count
      var first: OpenCVThreads.One? = OpenCVThreads.One()
      var second: OpenCVThreads.One? = OpenCVThreads.One()
      #expect(before == 3 && first != nil && second != nil && OpenCVThreads.count == 1)
      first = nil
      #expect(OpenCVThreads.count == 1)
      second = nil
      #expect(OpenCVThreads.count == 3)
    }
  }
}
