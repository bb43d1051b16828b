import FoveaCore

/// Pictures whose colors are stored otherwise than in the others, or in a way that decoding changes.
struct ColorSpaces: DataCheck {
  static let kind = "colorSpaces"
  static let summary = "colors stored in an unusual way: CMYK, opacity, 16 bits, another profile, gray among colors"
  static let explanations = [
    "share": "gray and color images each are unusual where they are less than this share, 0 to 1"
  ]

  var share = 0.1

  func checkSettings() throws {
    guard (0...1).contains(share) else { throw CheckSettingError(key: "share", expected: "0 to 1", got: "\(share)") }
  }

  func report(on survey: DataSurvey) -> CheckReport {
    var members: [StoredColor: [Int]] = [:]
    for (number, picture) in survey.pictures.enumerated() where picture.failure == nil {
      if let color = picture.color { members[color, default: []].append(number) }
    }
    let count = members.values.reduce(0) { $0 + $1.count }
    func ofModel(_ model: StoredColor.Model) -> Int {
      members.reduce(0) { $0 + ($1.key.model == model ? $1.value.count : 0) }
    }
    let findings = members.sorted { $0.value[0] < $1.value[0] }.compactMap { color, pictures -> Finding? in
      let isRare = Double(ofModel(color.model)) < share * Double(count)
      guard let advice = advice(color, isRare: isRare) else { return nil }
      return Finding(
        text: "\(pictures.count.counted("image")) stored as \(color)", figure: Double(pictures.count) / Double(count),
        threshold: share, advice: advice, pictures: pictures)
    }
    return CheckReport(self, bound: "gray or color below \(NumberText.percent(Float(share)))", findings)
  }

  private func advice(_ color: StoredColor, isRare: Bool) -> String? {
    switch color.model {
    case .cmyk, .lab: "convert it to RGB: programs turn \(color.model.rawValue) into RGB each in their own way"
    case _ where color.profile != nil:
      "convert it to sRGB: decoders take its numbers for sRGB's, so that colors are off"
    case _ where color.hasOpacity: "look what lies behind: transparent parts are shown white"
    case _ where color.bits > 8: "nothing, if the upper 8 bits suffice: only they are read"
    case .gray where isRare: "nothing, if gray images are as good; else remove it, or prepare all with 'toGrayscale'"
    case .color where isRare: "nothing, if color does not tell; else prepare all with 'toGrayscale'"
    default: nil
    }
  }
}
