import FoveaCore
import Testing

@Suite struct VectorInstructionsTests {
  @Test func eachIsChosenByItsName() throws {
    for instructions in VectorInstructions.allCases where instructions.isAvailable {
      #expect(try VectorInstructions.requested("\(instructions)") == instructions)
    }
    #expect(try VectorInstructions.requested(nil) == .best)
    #expect(try VectorInstructions.requested("") == .best)
    #expect(VectorInstructions.best.isAvailable && VectorInstructions.portable.isAvailable)
  }

  @Test func errorsSayWhatThereIs() throws {
    for missing in VectorInstructions.allCases where !missing.isAvailable {
      let error = #expect(throws: VectorInstructionsError.self) { try VectorInstructions.requested("\(missing)") }
      #expect(error?.description.contains("this processor") == true)
    }
    let error = #expect(throws: VectorInstructionsError.self) { try VectorInstructions.requested("Neon") }
    let text = try #require(error).description
    #expect(text.contains("FOVEA_INSTRUCTIONS") && text.contains("'Neon'") && text.contains("'neon'"))
  }
}
