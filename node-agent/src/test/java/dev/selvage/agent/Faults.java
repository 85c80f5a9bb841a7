package dev.selvage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.selvage.model.ErrorCode;
import dev.selvage.model.SelvageException;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on faults. */
public final class Faults {
    private Faults() {}

    /** The call fails with the code; goes on with its sentence. */
    public static AbstractStringAssert<?> assertFault(ErrorCode code, ThrowingCallable call) {
        SelvageException fault = catchThrowableOfType(SelvageException.class, call);
        assertThat(fault).as("a fault %s", code).isNotNull();
        assertThat(fault.code()).as(fault.sentence()).isEqualTo(code);
        return assertThat(fault.sentence());
    }
}
