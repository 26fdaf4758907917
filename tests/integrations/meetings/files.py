# ruff: noqa: E501
"""Reports as the platforms write them, people made up."""

import csv
import io

ZOOM_WEBINAR = """\
Attendee Report
Report Generated:,"Mar 11, 2026 20:15:02"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,# Cancelled,Unique Viewers
"Atvērto durvju diena",812 3456 7890,"Mar 11, 2026 17:45:10",105,40,1,3
Host Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,"Biznesa vadības koledža",info@college.example,"Mar 11, 2026 17:45:10","Mar 11, 2026 19:30:00",105,No,Latvia
Panelist Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,"Laura Liepiņa",laura@college.example,"Mar 11, 2026 17:50:00","Mar 11, 2026 19:30:00",100,No,Latvia
Attendee Details,
Attended,User Name (Original Name),First Name,Last Name,Email,Phone,Registration Time,Approval Status,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,"Anna Ozola",Anna,Ozola,Anna@Example.org,,"Mar 1, 2026 10:00:00",approved,"Mar 11, 2026 18:00:00","Mar 11, 2026 18:10:00",10,Yes,Latvia,
Yes,"Anna Ozola",Anna,Ozola,anna@example.org,,"Mar 1, 2026 10:00:00",approved,"Mar 11, 2026 18:20:00","Mar 11, 2026 18:25:00",5,Yes,Latvia,
Yes,"Anna Ozola",Anna,Ozola,anna@example.org,,"Mar 1, 2026 10:00:00",approved,"Mar 11, 2026 18:05:00","Mar 11, 2026 18:25:00",20,Yes,Latvia,
Yes,"JB (Jānis Bērziņš)",JB,,,20001112,"Mar 2, 2026 10:00:00",approved,"Mar 11, 2026 18:15:00","Mar 11, 2026 19:31:00",76,Yes,Latvia,
No,"Pēteris Kalns",Pēteris,Kalns,peteris@example.org,,"Mar 2, 2026 10:00:00",approved,--,--,--,--,--,
"""

ZOOM_MEETING = """\
Topic,ID,Host name,Host email,Start time,End time,Participants,Duration (minutes)
Open day,812 3456 7890,College,info@college.example,11/03/2026 05:55:00 PM,11/03/2026 07:30:00 PM,3,95

Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,In waiting room
College (Host),info@college.example,11/03/2026 05:55:00 PM,11/03/2026 07:30:00 PM,95,No,No
Anna Ozola,anna@example.org,11/03/2026 05:58:00 PM,11/03/2026 06:00:00 PM,2,Yes,Yes
Anna Ozola,anna@example.org,11/03/2026 06:00:00 PM,11/03/2026 07:30:00 PM,90,Yes,No
"""

ZOOM_UNIQUE_USERS = """\
Name (original name),Email,Total duration (minutes),Guest
Anna Ozola,anna@example.org,90,Yes
"""

TEAMS = """\
1. Summary
Meeting title\tAtvērto durvju diena
Attended participants\t3
Start time\t3/11/26, 5:55:12 PM
End time\t3/11/26, 7:31:00 PM
Meeting duration\t1h 35m 48s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Laura Liepiņa\t3/11/26, 5:55:12 PM\t3/11/26, 7:31:00 PM\t1h 35m 48s\tlaura@college.example\tlaura@college.example\tOrganizer
Ņikita Šķēls\t3/11/26, 6:00:00 PM\t3/11/26, 7:30:00 PM\t1h 5m\tnikita@example.org\tnikita@example.org\tAttendee
Bērziņš, Jānis (Guest)\t3/11/26, 6:12:00 PM\t3/11/26, 7:00:00 PM\t48m\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Laura Liepiņa\t3/11/26, 5:55:12 PM\t3/11/26, 7:31:00 PM\t1h 35m 48s\tlaura@college.example\tOrganizer
Ņikita Šķēls\t3/11/26, 6:00:00 PM\t3/11/26, 6:30:00 PM\t30m\tnikita@example.org\tAttendee
Ņikita Šķēls\t3/11/26, 6:55:00 PM\t3/11/26, 7:30:00 PM\t35m\tnikita@example.org\tAttendee
Bērziņš, Jānis (Guest)\t3/11/26, 6:12:00 PM\t3/11/26, 7:00:00 PM\t48m\t\tAttendee
"""

TEAMS_LATVIAN = """\
1. Kopsavilkums
Sapulces nosaukums\tAtvērto durvju diena
Sākuma laiks\t11.03.2026, 17:55:12

2. Dalībnieki
Vārds\tPirmā pievienošanās\tPēdējā iziešana\tSapulces ilgums\tE-pasts\tDalībnieka ID (UPN)\tLoma
Laura Liepiņa\t11.03.2026, 17:55:12\t11.03.2026, 19:31:00\t1 st. 35 min 48 s\tlaura@college.example\tlaura@college.example\tOrganizētājs
Ņikita Šķēls\t11.03.2026, 18:00:00\t11.03.2026, 19:30:00\t1 st. 5 min\tnikita@example.org\tnikita@example.org\tDalībnieks
Bērziņš, Jānis (Viesis)\t11.03.2026, 18:12:00\t11.03.2026, 19:00:00\t48 min\t\t\tDalībnieks

3. Aktivitātes sapulcē
Vārds\tPievienošanās laiks\tIziešanas laiks\tIlgums\tE-pasts\tLoma
Laura Liepiņa\t11.03.2026, 17:55:12\t11.03.2026, 19:31:00\t1 st. 35 min 48 s\tlaura@college.example\tOrganizētājs
Ņikita Šķēls\t11.03.2026, 18:00:00\t11.03.2026, 18:30:00\t30 min\tnikita@example.org\tDalībnieks
Ņikita Šķēls\t11.03.2026, 18:55:00\t11.03.2026, 19:30:00\t35 min\tnikita@example.org\tDalībnieks
Bērziņš, Jānis (Viesis)\t11.03.2026, 18:12:00\t11.03.2026, 19:00:00\t48 min\t\tDalībnieks
"""

MEET = """\
First name,Last name,Email,Duration,Time joined,Time exited
Anna,Ozola,anna@example.org,1 hr 2 min,6:01 PM,7:30 PM
Jānis,Bērziņš,,58 min,6:05 PM,7:03 PM
"""


def rows(text):
    """Cut text into a table as a reader of CSV would; TAB where there is one."""
    delimiter = "\t" if "\t" in text else ","
    return list(csv.reader(text.splitlines(), delimiter=delimiter))


def with_commas(text):
    """Write a file of TABs as one of commas."""
    written = io.StringIO()
    csv.writer(written).writerows(rows(text))
    return written.getvalue()
