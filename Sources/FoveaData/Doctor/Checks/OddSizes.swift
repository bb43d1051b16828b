import Foundation
import FoveaCore

/// Pictures far smaller or larger than the others.
struct OddSizes: DataCheck {
  static let kind = "oddSizes"
  static let summary = "far smaller or larger than the other images"
  static let explanations = [
    "factor":
      "how many times as large or as small as the middle one it must be at least; Tukey's outer fences hold as well"
  ]

  var factor = 2.0

  func checkSettings() throws {
    guard factor > 1 else { throw CheckSettingError(key: "factor", expected: "above 1", got: "\(factor)") }
  }

  func report(on survey: DataSurvey) -> CheckReport {
    // Sizes are compared by their ratios: the logarithm of the side of a square of the same area.
    let sides = survey.pictures.map { picture in
      picture.size.map { log2(Double($0.width) * Double($0.height)) / 2 }
    }
    let known = sides.compactMap(\.self)
    guard known.count >= 20 else {
      return CheckReport(self, remark: "fewer than 20 images can be read", [])
    }
    let fences = Fences(known)
    let lower = min(fences.lower, fences.median - log2(factor))
    let upper = max(fences.upper, fences.median + log2(factor))
    let found = sides.indices.filter { sides[$0].map { $0 < lower || $0 > upper } ?? false }
      .sorted { abs((sides[$0] ?? 0) - fences.median) > abs((sides[$1] ?? 0) - fences.median) }
    let bound =
      "side below \(NumberText.short(exp2(lower))) or above \(NumberText.short(exp2(upper))) pixels; the median is "
      + NumberText.short(exp2(fences.median))
    return CheckReport(
      self, bound: bound,
      found.map { number in
        let side = sides[number] ?? 0
        return Finding(
          text: survey.pictures[number].size?.description ?? "",
          figure: exp2(side), threshold: exp2(side < lower ? lower : upper),
          advice: side < lower
            ? "look for the image in a larger size; what is blown up shows nothing more"
            : "scale it down, so that decoding does not wait for it",
          pictures: [number])
      })
  }
}
