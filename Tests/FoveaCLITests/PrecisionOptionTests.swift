import Foundation
import Fovea
import Testing

@Suite struct PrecisionOptionTests {
  private static let isMissing: Comment = "this processor has no bfloat16 instructions"

  @Test(.enabled(if: Precision.bfloat16.isAvailable, isMissing)) func evaluateSetsBothPrecisionsSideBySide() throws {
    let stripes = try TrainedStripes.get()
    let result = try Program.run("evaluate", stripes.model, stripes.data, "--precision", "bfloat16")
    result.expectSuccess()
    let usual = try Program.run("evaluate", stripes.model, stripes.data)
    #expect(!usual.output.contains("float") && !usual.errors.contains("float"))
    #expect(try Program.run("evaluate", stripes.model, stripes.data, "--precision", "float32").output == usual.output)
    let accuracy = try #require(usual.lines.first { $0.hasPrefix("accuracy") }).split(separator: " ")[1]
    let heading = try #require(result.lines.firstIndex { $0.contains("bfloat16") && $0.hasSuffix("float32") })
    let compared = try #require(result.lines[heading...].first { $0.hasPrefix("accuracy") })
    #expect(compared.hasSuffix("\(accuracy) %"))
    #expect(result.lines.last?.hasSuffix("of 60 decided otherwise than in float32") == true)
    #expect(result.errors.contains("bfloat16"))
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable, isMissing)) func evaluateHasTheSameAsJSON() throws {
    let stripes = try TrainedStripes.get()
    let usual = try JSON.read(Program.run("evaluate", stripes.model, stripes.data, "--json").output)
    let result = try Program.run("evaluate", stripes.model, stripes.data, "--precision", "bfloat16", "--json")
    let json = try JSON.read(result.output)
    #expect(json.keys == usual.keys.union(["precision", "float32", "differences"]))
    #expect(json["precision"] == "bfloat16")
    #expect(json["float32"]?.keys == ["loss", "accuracy", "top5"])
    for key in ["loss", "accuracy", "top5"] { #expect(json["float32"]?[key] == usual[key]) }
    #expect(try #require(json["differences"]?.number) <= 3)
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable, isMissing)) func trainReportsBothAccuracies() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let result = try Program.run(
      "train", stripes.description, stripes.data, "-o", files["m"], "--epochs", "6", "--batch-size", "16",
      "--learning-rate", "0.01", "--seed", "3", "--precision", "bfloat16")
    result.expectSuccess()
    for name in ["validation accuracy", "the same in float32"] {
      let line = try #require(result.lines.first { $0.hasPrefix(name) })
      #expect(try #require(Double(line.split(separator: " ").dropLast().last ?? "")) >= 95, "\(line)")
    }
    #expect(result.lines.contains { $0.hasPrefix("decided otherwise") })
    // The file says nothing of it: whoever uses the model chooses anew.
    #expect(try ModelFile.load(files["m"], registry: .standard).model.precision == .float32)
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable, isMissing)) func classifyNamesItOnStandardErrorOnly() throws {
    let stripes = try TrainedStripes.get()
    let arguments = ["classify", stripes.model, stripes.pictures, "--format", "jsonl", "--top", "1"]
    let usual = try Program.run(arguments)
    let result = try Program.run(arguments + ["--precision", "bfloat16"])
    result.expectSuccess()
    #expect(result.errors.contains("bfloat16") && !result.output.contains("bfloat16"))
    #expect(try result.lines.map { try JSON.read($0)["label"] } == usual.lines.map { try JSON.read($0)["label"] })
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable, isMissing)) func profileNamesTheKernels() throws {
    let result = try Program.run("profile", "mnist-2conv", "--seconds", "0", "--precision", "bfloat16")
    result.expectSuccess()
    #expect(result.output.contains("pooled-bfloat16") && result.errors.contains("bfloat16"))
  }

  @Test func aProcessorWithoutItIsAnError() throws {
    let stripes = try TrainedStripes.get()
    let hidden = ["ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"]
    for arguments in [["evaluate", stripes.model, stripes.data], ["classify", stripes.model, stripes.pictures]] {
      let result = try Program.start(arguments + ["--precision", "bfloat16"], environment: hidden).finish()
      result.expectFailure(saying: "bfloat16", "AVX-512", "float32")
      #expect(result.output.isEmpty)
    }
  }

  @Test(arguments: ["classify m x", "evaluate m x", "train lenet x -o m", "profile lenet"])
  func otherNamesAreUsageErrors(_ command: String) throws {
    let arguments = command.split(separator: " ").map(String.init)
    try Program.run(arguments + ["--precision", "float16"])
      .expectFailure(64, saying: "'float16'", "'float32'", "'bfloat16'")
  }
}
