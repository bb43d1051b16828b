import FoveaCore
import Testing

@Suite struct SpellingTests {
  @Test(arguments: [
    ("relu", "relu"), ("rleu", "relu"), ("erlu", "relu"), ("RELU", "relu"), ("rel", "relu"),
    ("convolutoin", "convolution"), ("maxPooling", nil), ("maximumPoling", "maximumPooling"), ("tnah", "tanh"),
    ("xyz", nil), ("", nil),
  ])
  func findsWhatWasMeant(_ typed: String, _ meant: String?) {
    let known = ["convolution", "maximumPooling", "relu", "tanh"]
    #expect(Spelling.nearest(to: typed, among: known) == meant)
  }
}
