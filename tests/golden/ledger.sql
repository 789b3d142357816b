PRAGMA page_size = 8192;
PRAGMA journal_mode = delete;
PRAGMA user_version = 1;
PRAGMA application_id = 1415933557;
CREATE TABLE event (
        position INTEGER PRIMARY KEY,
        type     TEXT NOT NULL,
        tags     TEXT NOT NULL,
        data     BLOB NOT NULL
    );
CREATE TABLE posting (
        id        INTEGER PRIMARY KEY,
        positions BLOB
    );
CREATE TABLE settled (position INTEGER NOT NULL);
CREATE TABLE leaves_wal_mode (closed INTEGER);
INSERT INTO event VALUES (1, 'SourceRegistered', 'event:7f861796-889a-5631-ad93-f054ecc28f19
source:gazette', CAST('{"event":{"name":"The Gazette","reliability":"B","source":"gazette","url":"https://gazette.invalid/"},"id":"7f861796-889a-5631-ad93-f054ecc28f19","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"SourceRegistered"}' AS BLOB));
INSERT INTO event VALUES (2, 'SourceRegistered', 'event:76327f0d-c6fa-5fbd-81b5-5b835f44ab0a
source:army-radio', CAST('{"event":{"name":"Army radio","reliability":"C","source":"army-radio"},"id":"76327f0d-c6fa-5fbd-81b5-5b835f44ab0a","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"SourceRegistered"}' AS BLOB));
INSERT INTO event VALUES (3, 'SourceRegistered', 'event:1ee285c6-3334-5cf9-946b-daa63083cb8e
source:traders', CAST('{"event":{"name":"Traders on the road","reliability":"E","source":"traders"},"id":"1ee285c6-3334-5cf9-946b-daa63083cb8e","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"SourceRegistered"}' AS BLOB));
INSERT INTO event VALUES (4, 'SourceRegistered', 'event:7ddcbc36-4e31-54a0-9bd0-fe823901b165
source:atlas', CAST('{"event":{"continuous":true,"name":"Atlas of Veld","reliability":"C","source":"atlas"},"id":"7ddcbc36-4e31-54a0-9bd0-fe823901b165","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"SourceRegistered"}' AS BLOB));
INSERT INTO event VALUES (5, 'LocationRegistered', 'event:b6168569-5758-52c5-bcdc-81a716c74312
location:veld', CAST('{"event":{"kind":"region","location":"veld","name":"Veld","zone":"Asia/Kabul"},"id":"b6168569-5758-52c5-bcdc-81a716c74312","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"LocationRegistered"}' AS BLOB));
INSERT INTO event VALUES (6, 'LocationRegistered', 'event:4cff97c2-593b-5efc-9317-4784680fb373
location:ostrel', CAST('{"event":{"aliases":[{"text":"Ostrel city"},{"language":"ru","script":"Cyrl","text":"Острель"}],"codes":[{"code":"VE01","scheme":"pcode"}],"coordinates":{"latitude":34.5,"longitude":69.25},"kind":"town","location":"ostrel","name":"Ostrel","within":"veld"},"id":"4cff97c2-593b-5efc-9317-4784680fb373","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"LocationRegistered"}' AS BLOB));
INSERT INTO event VALUES (7, 'LocationRegistered', 'event:b08425a4-8b72-5ff8-8d6e-db50908e6103
location:fort-lime', CAST('{"event":{"kind":"base","location":"fort-lime","name":"Fort Lime","within":"veld"},"id":"b08425a4-8b72-5ff8-8d6e-db50908e6103","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"LocationRegistered"}' AS BLOB));
INSERT INTO event VALUES (8, 'LocationRegistered', 'event:f0ab5bed-b9e9-594f-afeb-f8d6a641e37d
location:harrow', CAST('{"event":{"kind":"town","location":"harrow","name":"Harow"},"id":"f0ab5bed-b9e9-594f-afeb-f8d6a641e37d","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"LocationRegistered"}' AS BLOB));
INSERT INTO event VALUES (9, 'LocationRegistered', 'event:57d1bb35-1e29-5bb6-ac33-9645a61fb4e8
location:salt-road', CAST('{"event":{"kind":"route","location":"salt-road","name":"Salt road"},"id":"57d1bb35-1e29-5bb6-ac33-9645a61fb4e8","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"LocationRegistered"}' AS BLOB));
INSERT INTO event VALUES (10, 'ActorRegistered', 'event:fdb68242-47b7-58d9-acd2-dbcec0629359
actor:army', CAST('{"event":{"actor":"army","kind":"state-force","name":"Army of Veld"},"id":"fdb68242-47b7-58d9-acd2-dbcec0629359","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ActorRegistered"}' AS BLOB));
INSERT INTO event VALUES (11, 'ActorRegistered', 'event:5549b08a-aa7d-5c31-ac43-b644310b4ec0
actor:guard', CAST('{"event":{"actor":"guard","kind":"private-force","name":"Grey Guard"},"id":"5549b08a-aa7d-5c31-ac43-b644310b4ec0","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ActorRegistered"}' AS BLOB));
INSERT INTO event VALUES (12, 'ActorRegistered', 'event:bb50757c-3187-5475-a669-2a3d160b7ce1
actor:league', CAST('{"event":{"actor":"league","kind":"coalition","name":"Northern League"},"id":"bb50757c-3187-5475-a669-2a3d160b7ce1","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ActorRegistered"}' AS BLOB));
INSERT INTO event VALUES (13, 'ActorRegistered', 'event:00069d48-1675-5d34-88dd-9e58f25f0454
actor:rovers', CAST('{"event":{"actor":"rovers","aliases":[{"text":"The Roving Band"}],"kind":"armed-group","name":"Rovers"},"id":"00069d48-1675-5d34-88dd-9e58f25f0454","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ActorRegistered"}' AS BLOB));
INSERT INTO event VALUES (14, 'ActorRegistered', 'event:b871534f-65c7-5ffc-892e-aed8cbb625c8
actor:marsh-men', CAST('{"event":{"actor":"marsh-men","kind":"armed-group","name":"Marsh Men"},"id":"b871534f-65c7-5ffc-892e-aed8cbb625c8","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ActorRegistered"}' AS BLOB));
INSERT INTO event VALUES (15, 'ActorRegistered', 'event:81d0cf47-fda4-5012-84b8-38af6acd32dc
actor:observers', CAST('{"event":{"actor":"observers","kind":"mission","name":"Observer mission"},"id":"81d0cf47-fda4-5012-84b8-38af6acd32dc","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ActorRegistered"}' AS BLOB));
INSERT INTO event VALUES (16, 'ReportFiled', 'event:a871fad2-73dc-5dd6-8e14-aef3bea10c2b
report:gazette-1
source:gazette', CAST('{"event":{"published":"2023-06-02","report":"gazette-1","source":"gazette","title":"The League in Ostrel"},"id":"a871fad2-73dc-5dd6-8e14-aef3bea10c2b","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ReportFiled"}' AS BLOB));
INSERT INTO event VALUES (17, 'ReportFiled', 'event:3d8ccf38-4fc5-541c-b991-4e02a5671221
report:atlas-1
source:atlas', CAST('{"event":{"published":"2023-06-10","report":"atlas-1","source":"atlas","title":"Sheet 1"},"id":"3d8ccf38-4fc5-541c-b991-4e02a5671221","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ReportFiled"}' AS BLOB));
INSERT INTO event VALUES (18, 'TownSeized', 'event:46a6d1d0-89d1-5857-b0d9-8c14d785deb2
actor:league
location:ostrel
report:gazette-1
source:gazette', CAST('{"event":{"by":["league"],"credibility":2,"location":"ostrel","occurred":"2023-06-01[+04:30 Asia/Kabul]","passage":"paragraph 3","report":"gazette-1","summary":"The League enters the town."},"id":"46a6d1d0-89d1-5857-b0d9-8c14d785deb2","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"TownSeized"}' AS BLOB));
INSERT INTO event VALUES (19, 'MissionDeployed', 'event:dcee3bb3-00f9-58e7-a0e7-b4baea676780
actor:observers
location:fort-lime
report:gazette-1
source:gazette', CAST('{"event":{"credibility":1,"location":"fort-lime","mission":"observers","occurred":"2023-05[+04:30 Asia/Kabul]","report":"gazette-1"},"id":"dcee3bb3-00f9-58e7-a0e7-b4baea676780","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"MissionDeployed"}' AS BLOB));
INSERT INTO event VALUES (20, 'ControlReported', 'event:8199a6df-2b34-588d-97e2-60c05fbc3892
actor:rovers
location:harrow
report:atlas-1
source:atlas', CAST('{"event":{"credibility":3,"holders":["rovers"],"location":"harrow","occurred":"2023-06-09","report":"atlas-1"},"id":"8199a6df-2b34-588d-97e2-60c05fbc3892","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ControlReported"}' AS BLOB));
INSERT INTO event VALUES (21, 'CoalitionJoined', 'event:3f6558c2-43a1-5174-846f-081377f5333d
actor:league
actor:rovers
report:gazette-1
source:gazette', CAST('{"event":{"coalition":"league","credibility":2,"members":["rovers"],"occurred":"2023-06","report":"gazette-1"},"id":"3f6558c2-43a1-5174-846f-081377f5333d","recorded_at":"2024-01-10T09:00:00Z","recorded_by":"local","revision":1,"type":"CoalitionJoined"}' AS BLOB));
INSERT INTO event VALUES (22, 'ReportFiled', 'event:1563cf2e-6952-5e2c-bfa6-5447d95cff25
report:radio-1
source:army-radio', CAST('{"event":{"published":"2023-09-15T18:00:00[+04:30]","report":"radio-1","source":"army-radio","title":"Victory at Ostrel"},"id":"1563cf2e-6952-5e2c-bfa6-5447d95cff25","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"ReportFiled"}' AS BLOB));
INSERT INTO event VALUES (23, 'ReportFiled', 'event:b57dd543-3b82-5e09-aae9-721de3a41245
report:gazette-2
source:gazette', CAST('{"event":{"published":"2023-09-16","report":"gazette-2","source":"gazette","title":"Fighting in Ostrel"},"id":"b57dd543-3b82-5e09-aae9-721de3a41245","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"ReportFiled"}' AS BLOB));
INSERT INTO event VALUES (24, 'ReportFiled', 'event:6f66cebb-2c0d-54cb-910a-09089a5c27f0
report:traders-1
source:traders', CAST('{"event":{"published":"2023-09-20","report":"traders-1","source":"traders","title":"What is said on the road"},"id":"6f66cebb-2c0d-54cb-910a-09089a5c27f0","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"ReportFiled"}' AS BLOB));
INSERT INTO event VALUES (25, 'TownSeized', 'event:17448707-ee85-538e-b781-ce9f21e0ccbd
actor:army
actor:guard
actor:league
location:ostrel
report:radio-1
source:army-radio', CAST('{"event":{"by":["army","guard"],"credibility":3,"location":"ostrel","occurred":"2023-09-14T18:00:00Z/2023-09-15[+04:30 Asia/Kabul]","report":"radio-1","summary":"The flag is on the mill.","taken_from":["league"]},"id":"17448707-ee85-538e-b781-ce9f21e0ccbd","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"TownSeized"}' AS BLOB));
INSERT INTO event VALUES (26, 'LocationContested', 'event:8e4d5c12-ddda-56f1-ae6a-c65d16202894
actor:army
actor:league
location:ostrel
report:gazette-2
source:gazette', CAST('{"event":{"between":["army","league"],"credibility":2,"location":"ostrel","occurred":"2023-09-15[+04:30 Asia/Kabul]","report":"gazette-2"},"id":"8e4d5c12-ddda-56f1-ae6a-c65d16202894","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"LocationContested"}' AS BLOB));
INSERT INTO event VALUES (27, 'AllianceFormed', 'event:24f0c21d-3730-55f3-856b-77057b89d606
actor:army
actor:guard
location:veld
report:gazette-2
source:gazette', CAST('{"event":{"credibility":2,"locations":["veld"],"occurred":"2023-09-01[+04:30 Asia/Kabul]","parties":["army","guard"],"report":"gazette-2"},"id":"24f0c21d-3730-55f3-856b-77057b89d606","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"AllianceFormed"}' AS BLOB));
INSERT INTO event VALUES (28, 'SiegeLaid', 'event:7d108bca-9b86-5551-8f62-2128275acf6a
actor:army
location:harrow
report:traders-1
source:traders', CAST('{"event":{"by":["army"],"credibility":3,"location":"harrow","occurred":"2023-09-18","report":"traders-1"},"id":"7d108bca-9b86-5551-8f62-2128275acf6a","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"SiegeLaid"}' AS BLOB));
INSERT INTO event VALUES (29, 'PopulationDisplaced', 'event:6fc808c5-3e87-5c2c-ba92-338caa904625
location:harrow
location:ostrel
report:gazette-2
source:gazette', CAST('{"event":{"credibility":2,"displaced_to":"harrow","location":"ostrel","occurred":"2023-09-14[+04:30 Asia/Kabul]/2023-09-16[+04:30 Asia/Kabul]","people":{"best":2000,"low":1500},"report":"gazette-2"},"id":"6fc808c5-3e87-5c2c-ba92-338caa904625","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"PopulationDisplaced"}' AS BLOB));
INSERT INTO event VALUES (30, 'NeedReported', 'event:ac7f4bfb-6ac2-5287-b0fb-d5f5ab11513f
location:harrow
report:traders-1
source:traders', CAST('{"event":{"credibility":4,"location":"harrow","occurred":"2023-09-19","people":{"best":900},"report":"traders-1","sector":"food-security"},"id":"ac7f4bfb-6ac2-5287-b0fb-d5f5ab11513f","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"NeedReported"}' AS BLOB));
INSERT INTO event VALUES (31, 'ConvoyDeparted', 'event:2ac06717-ec58-5ed4-b6a5-4204709bb1ff
actor:guard
convoy:flour-train
location:harrow
location:ostrel
report:traders-1
source:traders', CAST('{"event":{"bound_for":"harrow","convoy":"flour-train","credibility":3,"location":"ostrel","occurred":"2023-09-17[+04:30 Asia/Kabul]","owners":["guard"],"report":"traders-1"},"id":"2ac06717-ec58-5ed4-b6a5-4204709bb1ff","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"ConvoyDeparted"}' AS BLOB));
INSERT INTO event VALUES (32, 'ConvoyStalled', 'event:ad425908-3abd-50b3-bec7-12e04bcb10ff
actor:guard
actor:rovers
convoy:flour-train
location:salt-road
report:traders-1
source:traders', CAST('{"event":{"convoy":"flour-train","credibility":3,"halted_by":["rovers"],"location":"salt-road","occurred":"2023-09-18","owners":["guard"],"report":"traders-1"},"id":"ad425908-3abd-50b3-bec7-12e04bcb10ff","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"ConvoyStalled"}' AS BLOB));
INSERT INTO event VALUES (33, 'ControlReported', 'event:54db30e2-86ad-5767-9394-8bb9eab35102
actor:guard
location:fort-lime
report:traders-1
source:traders', CAST('{"event":{"credibility":5,"holders":["guard"],"location":"fort-lime","occurred":"2023-09-19[+04:30 Asia/Kabul]","report":"traders-1"},"id":"54db30e2-86ad-5767-9394-8bb9eab35102","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"ControlReported"}' AS BLOB));
INSERT INTO event VALUES (34, 'ClashReported', 'event:f625e331-f4b7-549e-bac5-cf7071f87e1c
actor:guard
actor:league
location:fort-lime
report:traders-1
source:traders', CAST('{"event":{"credibility":4,"deaths":{"best":3,"low":0},"location":"fort-lime","occurred":"2023-09-19[+04:30 Asia/Kabul]","report":"traders-1","sides":[["guard"],["league"]],"tactic":"raid"},"id":"f625e331-f4b7-549e-bac5-cf7071f87e1c","recorded_at":"2024-02-10T09:00:00.250000Z","recorded_by":"local","revision":1,"type":"ClashReported"}' AS BLOB));
INSERT INTO event VALUES (35, 'ReportFiled', 'event:5afad9dd-1d3b-51ff-9dd1-17e54689b38e
report:gazette-3
source:gazette', CAST('{"event":{"published":"2023-10-05","report":"gazette-3","source":"gazette","title":"Ostrel after the fighting"},"id":"5afad9dd-1d3b-51ff-9dd1-17e54689b38e","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ReportFiled"}' AS BLOB));
INSERT INTO event VALUES (36, 'ReportFiled', 'event:7ea3914b-6418-5372-80d7-2c5b10daff05
report:radio-2
source:army-radio', CAST('{"event":{"published":"2023-10-06","report":"radio-2","source":"army-radio","syndicated_from":"gazette-3","title":"As printed"},"id":"7ea3914b-6418-5372-80d7-2c5b10daff05","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ReportFiled"}' AS BLOB));
INSERT INTO event VALUES (37, 'ControlReported', 'event:565c205b-2414-5009-9af1-f2f9377c4fbc
actor:army
location:ostrel
report:gazette-3
source:gazette', CAST('{"event":{"credibility":2,"holders":["army"],"location":"ostrel","occurred":"2023-09-30[+04:30 Asia/Kabul]","report":"gazette-3","summary":"The League has gone."},"id":"565c205b-2414-5009-9af1-f2f9377c4fbc","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ControlReported"}' AS BLOB));
INSERT INTO event VALUES (38, 'ControlReported', 'event:09c42c6c-b65d-59f3-b3a6-1c2063ee105c
actor:army
location:ostrel
report:radio-2
source:army-radio', CAST('{"event":{"credibility":3,"holders":["army"],"location":"ostrel","occurred":"2023-09-30[+04:30 Asia/Kabul]","report":"radio-2"},"id":"09c42c6c-b65d-59f3-b3a6-1c2063ee105c","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ControlReported"}' AS BLOB));
INSERT INTO event VALUES (39, 'MissionWithdrawn', 'event:e9d692f8-61ba-5d25-b596-f1b6e3c23760
actor:army
actor:observers
location:fort-lime
report:gazette-3
source:gazette', CAST('{"event":{"credibility":1,"handed_to":["army"],"location":"fort-lime","mission":"observers","occurred":"2023-10-01[+04:30 Asia/Kabul]","report":"gazette-3"},"id":"e9d692f8-61ba-5d25-b596-f1b6e3c23760","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"MissionWithdrawn"}' AS BLOB));
INSERT INTO event VALUES (40, 'ActorMerged', 'event:1a5670d1-11de-554f-b64d-dd02c29a569f
actor:marsh-men
actor:rovers
report:gazette-3
source:gazette', CAST('{"event":{"credibility":2,"into":"rovers","merged":["marsh-men"],"occurred":"2023-10-02","report":"gazette-3"},"id":"1a5670d1-11de-554f-b64d-dd02c29a569f","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"ActorMerged"}' AS BLOB));
INSERT INTO event VALUES (41, 'SourceRegraded', 'event:7a489a90-21bd-5c08-9cde-717d63747b92
source:traders', CAST('{"event":{"reason":"Two of their reports were confirmed.","reliability":"D","source":"traders"},"id":"7a489a90-21bd-5c08-9cde-717d63747b92","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"SourceRegraded"}' AS BLOB));
INSERT INTO event VALUES (42, 'LocationAmended', 'event:df494be0-ca90-5987-890a-bd5a2734baf6
location:harrow', CAST('{"event":{"location":"harrow","name":"Harrow","reason":"The name had a slip.","within":"veld"},"id":"df494be0-ca90-5987-890a-bd5a2734baf6","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"LocationAmended"}' AS BLOB));
INSERT INTO event VALUES (43, 'EventRetracted', 'event:391c8acf-97a8-5819-9352-eada38a6753d
actor:guard
event:54db30e2-86ad-5767-9394-8bb9eab35102
location:fort-lime
report:traders-1
source:traders', CAST('{"event":{"event":"54db30e2-86ad-5767-9394-8bb9eab35102","reason":"The traders had another fort in mind.","report":"traders-1"},"id":"391c8acf-97a8-5819-9352-eada38a6753d","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"EventRetracted"}' AS BLOB));
INSERT INTO event VALUES (44, 'LocationRenamed', 'event:0babc33a-d313-5faf-a7a7-df860c13553b
location:ostrel
report:gazette-3
source:gazette', CAST('{"event":{"credibility":2,"location":"ostrel","name":"New Ostrel","occurred":"2023-10-03[+04:30 Asia/Kabul]","report":"gazette-3"},"id":"0babc33a-d313-5faf-a7a7-df860c13553b","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"LocationRenamed"}' AS BLOB));
INSERT INTO event VALUES (45, 'SourceEnded', 'event:ec509ea0-ab2e-5eba-aa44-4e35100c0ab6
source:atlas', CAST('{"event":{"ended":"2023-12-31","reason":"No further sheet was printed.","source":"atlas"},"id":"ec509ea0-ab2e-5eba-aa44-4e35100c0ab6","recorded_at":"2024-03-10T09:00:00Z","recorded_by":"local","revision":1,"type":"SourceEnded"}' AS BLOB));
INSERT INTO settled VALUES (0);
