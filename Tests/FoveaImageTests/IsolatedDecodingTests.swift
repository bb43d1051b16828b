import FoveaCore
import FoveaImage
import Testing

/// What becomes of a picture whose decoding process does not do its work.
@Suite(.timeLimit(.minutes(5))) struct IsolatedDecodingTests {
  private func reason(_ script: String, seconds: Double? = nil) -> String? {
    var decoder = ImageDecoder()
    decoder.isolation = IsolatedDecoding(command: ["/bin/sh", "-c", script], seconds: seconds)
    switch #expect(throws: ImageError.self, performing: { try decoder.decode(path: Fixtures.path("plain.tif")) }) {
    case .undecodable(_, let reason, let word):
      // No picture is to blame for what ends a process.
      #expect(word == .failed)
      return reason
    default: return nil
    }
  }

  @Test func itsEndIsThePicturesReason() {
    #expect(reason("exit 3") == "its decoder ended with status 3")
    #expect(reason("kill -SEGV $$")?.contains("crashed: signal 11") == true)
    #expect(reason("printf nonsense >&0") == "its decoder ended with status 0")
  }

  @Test func oneThatIsStoppedIsNotWaitedForLongerThanThePictureMayTake() {
    #expect(reason("kill -STOP $$", seconds: 0.25)?.contains("longer than 0.25 seconds") == true)
  }
}
